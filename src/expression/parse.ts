import { Pattern } from '../base/regex/pattern.js'
import type { Value } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'
import {
  amongList,
  amongParts,
  both,
  calculated,
  compared,
  type Comparison,
  comparisons,
  either,
  matched,
  missing,
  negation,
  type Part,
} from './operators.js'
import { scan, syntaxError, type Token } from './scan.js'

/** How many parentheses, lists and `not` may stand one in the other. */
const deepest = 32

const mostListed = 256

export interface ParsedCondition {
  readonly part: Part
  /** The fields that it asks for, as they were written, each once. */
  readonly fields: readonly string[]
}

/**
 * From what binds least to what binds most:
 *
 *     or ||   and &&   not !   == != < <= > >= =~ matches in   + -   * / %   - (sign)   values, ( … )
 *
 * Throws `EXPRESSION_SYNTAX` with the column and what was expected there.
 */
export function parseCondition(text: string): ParsedCondition {
  const parser = new ConditionParser(scan(text))
  return { part: parser.whole(), fields: parser.fields }
}

const words = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const keywords = new Set(['and', 'or', 'not', 'in', 'matches', ...words.keys()])
const nothing: Part = () => null

class ConditionParser {
  readonly fields: string[] = []
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Part {
    const part = this.#or()
    if (this.#token.kind !== 'end') throw this.#wrong('an operator or the end')
    return part
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token
  }

  #or(): Part {
    let part = this.#and()
    while (this.#took('or', '||')) part = either(part, this.#and())
    return part
  }

  #and(): Part {
    let part = this.#not()
    while (this.#took('and', '&&')) part = both(part, this.#not())
    return part
  }

  #not(): Part {
    return this.#took('not', '!') ? this.#inside(() => negation(this.#not())) : this.#comparison()
  }

  #comparison(): Part {
    const left = this.#sum()
    if (this.#took('=~', 'matches')) return matched(left, this.#pattern())
    if (this.#took('in')) return this.#among(left)
    const comparison = this.#took(...comparisons) as Comparison | undefined
    return comparison ? comparing(left, comparison, this.#sum()) : left
  }

  #sum(): Part {
    let part = this.#product()
    for (let sign = this.#took('+', '-'); sign; sign = this.#took('+', '-')) {
      part = calculated(part, sign, this.#product())
    }
    return part
  }

  #product(): Part {
    let part = this.#signed()
    for (let sign = this.#took('*', '/', '%'); sign; sign = this.#took('*', '/', '%')) {
      part = calculated(part, sign, this.#signed())
    }
    return part
  }

  #signed(): Part {
    return this.#took('-') ? this.#inside(() => calculated(() => 0, '-', this.#signed())) : this.#value()
  }

  #value(): Part {
    if (this.#took('(')) {
      const part = this.#inside(() => this.#or())
      this.#mustTake(')')
      return part
    }
    const token = this.#token
    const part = this.#leaf(token)
    if (!part) throw this.#wrong('a field, a number, a text or (')
    this.#at++
    return part
  }

  #leaf({ kind, source }: Token): Part | undefined {
    if (kind === 'number') return constant(Number(source))
    if (kind === 'text') return constant(textOf(source))
    const value = words.get(source)
    if (kind === 'word' && value === null) return nothing
    if (kind === 'word' && value !== undefined) return constant(value)
    if (kind === 'field' || (kind === 'word' && !keywords.has(source))) return this.#field(source)
    return undefined
  }

  #field(source: string): Part {
    if (!this.fields.includes(source)) this.fields.push(source)
    const place = this.fields.indexOf(source)
    return (values) => values[place]
  }

  /** Patterns are compiled with the condition, so they are written out. */
  #pattern(): Pattern {
    const { kind, source, column } = this.#token
    if (kind !== 'text') throw this.#wrong('a pattern in quotes')
    this.#at++
    try {
      return new Pattern(patternOf(source))
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      throw new AgentError('EXPRESSION_SYNTAX', `column ${column}: ${error.message}`, { cause: error })
    }
  }

  #among(left: Part): Part {
    if (!this.#took('[')) return amongList(left, this.#value())
    const parts: Part[] = []
    this.#inside(() => {
      do parts.push(this.#sum())
      while (parts.length < mostListed && this.#took(','))
    })
    this.#mustTake(']')
    return amongParts(left, parts)
  }

  #inside<T>(parse: () => T): T {
    if (++this.#depth > deepest) throw this.#wrong(`at most ${deepest} levels`)
    const parsed = parse()
    this.#depth--
    return parsed
  }

  /** Which of the operators stands here, if any; it is passed then. */
  #took(...operators: readonly string[]): string | undefined {
    const { kind, source } = this.#token
    if ((kind !== 'sign' && kind !== 'word') || !operators.includes(source)) return undefined
    this.#at++
    return source
  }

  #mustTake(operator: string): void {
    if (!this.#took(operator)) throw this.#wrong(operator)
  }

  #wrong(expected: string): AgentError {
    const { kind, source, column } = this.#token
    return syntaxError(column, expected, kind === 'end' ? 'the end' : `"${source}"`)
  }
}

function comparing(left: Part, comparison: Comparison, right: Part): Part {
  const asked = left === nothing ? right : left
  if (left !== nothing && right !== nothing) return compared(left, comparison, right)
  if (comparison === '==') return missing(asked)
  return comparison === '!=' ? negation(missing(asked)) : constant(false)
}

function constant(value: Value): Part {
  return () => value
}

const escapes: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t' }

function textOf(source: string): string {
  return source.slice(1, -1).replaceAll(/\\(.)/gs, (_all, letter: string) => escapes[letter] ?? letter)
}

/** In a pattern a backslash is the pattern's own, but before the quote. */
function patternOf(source: string): string {
  const quote = source.charAt(0)
  return source.slice(1, -1).replaceAll(`\\${quote}`, quote)
}
