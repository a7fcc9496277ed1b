import { AgentError } from '../plugin/errors.js'
import { type Directive, directives, shorthands, type TimeFields } from './time-directives.js'

/** Finds the fields of a time in text; undefined when the text does not fit. */
export type TimeFormat = (text: string) => TimeFields | undefined

/** No time is longer; what stands behind is not looked at, so that a long text costs nothing. */
const longestTime = 256

/** A zone behind the part that the format speaks of. */
const zoneBehind = /^(Z|[+-]\d{2}:?\d{2})$/i

/**
 * Compiles a strptime format. As with strptime, what follows in the text does not matter, but a zone there is heeded where
 * the format has none. White space fits any run of white space. Unless `strict`, `.%L` and `,%L` may be missing.
 */
export function compileTimeFormat(format: string, strict: boolean): TimeFormat {
  const { pattern, takers } = new Compiler(format, strict)
  const fits = new RegExp(`^${pattern}`, 'i')
  return (text) => {
    const head = text.slice(0, longestTime)
    const found = fits.exec(head)
    if (!found) return undefined
    const fields: TimeFields = {}
    for (let index = 0; index < takers.length; index++) {
      const matched = found[index + 1]
      if (matched !== undefined && !takers[index]?.take(fields, matched)) return undefined
    }
    const behind = fields.offset === undefined ? zoneBehind.exec(head.slice(found[0].length)) : null
    if (behind?.[1] !== undefined) directives['z']?.take(fields, behind[1])
    return fields
  }
}

class Compiler {
  pattern = ''
  readonly takers: Directive[] = []

  constructor(format: string, strict: boolean) {
    this.#compile(format, format, strict)
  }

  #compile(format: string, whole: string, strict: boolean): void {
    for (const [token, separator, letter] of format.matchAll(/(?:([.,])(?=%[LfN]))?%[EO]?(.)|%$|[^%.,]+|[.,]/gsu)) {
      if (token === '%') throw unknownDirective(whole, token)
      if (letter === undefined) this.pattern += literal(token)
      else if (shorthands[letter] !== undefined) this.#compile(shorthands[letter], whole, strict)
      else this.#add(directiveOf(letter, whole), separator, strict)
    }
  }

  #add(directive: Directive, separator: string | undefined, strict: boolean): void {
    this.takers.push(directive)
    const group = `(${directive.pattern})`
    if (separator === undefined) this.pattern += group
    else this.pattern += strict ? `[.,]${group}` : `(?:[.,]${group})?`
  }
}

function directiveOf(letter: string, format: string): Directive {
  const directive = Object.hasOwn(directives, letter) ? directives[letter] : undefined
  if (!directive) throw unknownDirective(format, `%${letter}`)
  return directive
}

function unknownDirective(format: string, token: string): AgentError {
  const known = [...Object.keys(directives), ...Object.keys(shorthands)].map((letter) => `%${letter}`).join(' ')
  const message = `time_format "${format}": expected directives among ${known}, got "${token}"`
  return new AgentError('PARSE_TIME_FORMAT', message)
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s*`)
}
