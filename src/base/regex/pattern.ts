import { AgentError } from '../agent-error.js'
import { type Group, translate } from './translate.js'

/**
 * A regular expression as Fluent Bit's users write them: of Ruby's syntax (Onigmo), where `^` and `$` stand for lines, and
 * optionally between slashes with options behind, such as `/error/i`.
 */
export class Pattern {
  readonly source: string
  readonly #groups: readonly Group[]
  readonly #line: RegExp
  #lines: RegExp | undefined
  readonly #compileLines: () => RegExp
  #searching: RegExp | undefined

  constructor(source: string) {
    const { pattern, options } = unwrap(source)
    this.source = source
    const compile = (lines: boolean): RegExp => compileAs(source, () => translate(pattern, { options, lines }))
    const { groups } = translate(pattern, { options, lines: false })
    this.#groups = groups.some(({ name }) => name !== undefined)
      ? groups.filter(({ name }) => name !== undefined)
      : groups
    this.#line = compile(false)
    this.#compileLines = () => compile(true)
  }

  /** Names of groups, each once, in order. */
  get names(): readonly string[] {
    return [...new Set(this.#groups.map(({ name }) => name).filter((name) => name !== undefined))]
  }

  test(text: string): boolean {
    return this.#for(text).test(text)
  }

  /** The whole match, then its groups; named groups alone where there are any, as in Ruby. */
  captures(text: string): readonly (string | undefined)[] | undefined {
    const found = this.#for(text).exec(text)
    return found ? [found[0], ...this.#groups.map(({ index }) => found[index])] : undefined
  }

  /** Calls `take` for every named group that took part in the match; false when there is no match. */
  fields(text: string, take: (name: string, value: string) => void): boolean {
    const found = this.#for(text).exec(text)
    if (!found) return false
    for (const { index, name } of this.#groups) {
      const value = found[index]
      if (name !== undefined && value !== undefined) take(name, value)
    }
    return true
  }

  /** Where the first match that begins at `from` or behind it lies. */
  find(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
    this.#lines ??= this.#compileLines()
    this.#searching ??= new RegExp(this.#lines.source, `${this.#lines.flags}g`)
    this.#searching.lastIndex = from
    const found = this.#searching.exec(text)
    return found ? { start: found.index, end: found.index + found[0].length } : undefined
  }

  /** In text of one line `^` and `$` are its ends, which is much faster to look for. */
  #for(text: string): RegExp {
    if (!text.includes('\n')) return this.#line
    this.#lines ??= this.#compileLines()
    return this.#lines
  }
}

interface Unwrapped {
  readonly pattern: string
  readonly options: string
}

function unwrap(source: string): Unwrapped {
  const [, pattern = source, options = ''] = /^\/(.*)\/([imxo]*)$/s.exec(source) ?? []
  return { pattern, options: options.replaceAll('o', '') }
}

function compileAs(source: string, translated: () => { readonly pattern: string; readonly flags: string }): RegExp {
  const { pattern, flags } = translated()
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2).toLowerCase()
    throw new AgentError('REGEX_INVALID', `regular expression "${source}": ${reason}`, { cause: error })
  }
}
