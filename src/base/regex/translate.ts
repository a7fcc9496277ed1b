import { AgentError } from '../agent-error.js'
import { translateClass } from './char-class.js'
import { translateEscape } from './escapes.js'

export interface Group {
  /** Number in the translated pattern, which may have groups of its own. */
  readonly index: number
  /** Name that the user gave it, which others may share. */
  readonly name: string | undefined
}

export interface Translated {
  readonly pattern: string
  readonly flags: string
  readonly groups: readonly Group[]
}

interface TranslateOptions {
  /** Of i, m, x. */
  readonly options: string
  /** The text may have several lines. */
  readonly lines: boolean
}

/** Ruby's regular expression to one of JavaScript that matches the same; throws REGEX_UNSUPPORTED where there is none. */
export function translate(source: string, options: TranslateOptions): Translated {
  return new Translator(source, options).run()
}

class Translator {
  readonly #source: string
  readonly #lines: boolean
  readonly #groups: { readonly id: string; readonly name: string | undefined }[] = []
  /** Where in the output each open group began, and what closes it. */
  readonly #open: { readonly start: number; readonly close: string }[] = []
  readonly #options: Set<string>
  #helpers = 0
  #at = 0
  #out = ''
  /** Where in the output the atom begins that a quantifier would stand for. */
  #atom = 0

  constructor(source: string, { options, lines }: TranslateOptions) {
    this.#source = source
    this.#lines = lines
    this.#options = new Set(options)
  }

  run(): Translated {
    while (this.#at < this.#source.length) this.#token()
    if (this.#open.length > 0) throw this.#refuse('a closing parenthesis', 'the end')
    const { pattern, ids } = numbered(this.#out)
    const groups = this.#groups.map(({ id, name }) => ({ index: ids.indexOf(id) + 1, name }))
    return { pattern, flags: this.#options.has('i') ? 'iu' : 'u', groups }
  }

  #token(): void {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)
    if (this.#options.has('x') && this.#skipBlank(char)) return
    if (char === '\\') return this.#escape()
    if (char === '[') return this.#class()
    if (char === '(') return this.#openGroup()
    if (char === ')') return this.#closeGroup()
    if (this.#quantifier(char)) return
    this.#at += char.length
    this.#add(this.#plain(char))
  }

  #plain(char: string): string {
    switch (char) {
      case '^':
        return this.#lines ? String.raw`(?<![^\n])` : '^'
      case '$':
        return this.#lines ? String.raw`(?![^\n])` : '$'
      case '.':
        return this.#options.has('m') ? String.raw`[\s\S]` : String.raw`[^\n]`
      case ']':
      case '{':
      case '}':
        return `\\${char}`
      default:
        return char
    }
  }

  #skipBlank(char: string): boolean {
    if (char !== '#' && !/\s/.test(char)) return false
    const end = char === '#' ? this.#source.indexOf('\n', this.#at) : this.#at
    this.#at = end < 0 ? this.#source.length : end + 1
    return true
  }

  #escape(): void {
    const reference = /\\(?:k(?:<([^>]*)>|'([^']*)')|([1-9]))/y
    reference.lastIndex = this.#at
    const found = reference.exec(this.#source)
    if (found) {
      const name = found[1] ?? found[2]
      const id = name === undefined ? `g${found[3]}` : this.#groups.findLast((group) => group.name === name)?.id
      if (id === undefined) throw this.#refuse('the name of a group before it', found[0])
      this.#at += found[0].length
      return this.#add(`\\k<${id}>`)
    }
    const { text, length } = translateEscape(this.#source, this.#at) ?? {}
    if (text === undefined || length === undefined) throw this.#unsupported(this.#source.substr(this.#at, 2))
    this.#at += length
    this.#add(text)
  }

  #class(): void {
    const piece = translateClass(this.#source, this.#at)
    if (piece === 'unclosed') throw this.#refuse('a closing bracket', 'the end')
    if (!piece) throw this.#unsupported('a character class inside another, or &&')
    this.#at += piece.length
    this.#add(piece.text)
  }

  #openGroup(): void {
    const opening = /\((?:\?(?:#[^)]*\)|<?[=!]|[:>]|(?:<([^>]*)>|'([^']*)')|([imx]*)(?:-([imx]*))?([:)]))|(?!\?))/y
    opening.lastIndex = this.#at
    const found = opening.exec(this.#source)
    if (!found) throw this.#unsupported(this.#source.slice(this.#at, this.#at + 4))
    this.#at += found[0].length
    if (found[0].startsWith('(?#')) return
    const [whole, angled, quoted, on, off, end] = found
    if (end !== undefined) this.#modify(whole, on ?? '', off ?? '')
    else this.#enter(...this.#opening(whole, angled ?? quoted))
  }

  #opening(whole: string, name: string | undefined): [open: string, close: string] {
    if (whole === '(' || name !== undefined) {
      const id = `g${this.#groups.length + 1}`
      this.#groups.push({ id, name })
      return [`(?<${id}>`, ')']
    }
    if (whole !== '(?>') return [whole, ')']
    return this.#atomic()
  }

  /** What a lookahead has matched is never given up; the reference then takes it. */
  #atomic(): [open: string, close: string] {
    const id = `a${++this.#helpers}`
    return [`(?:(?=(?<${id}>`, String.raw`))\k<${id}>)`]
  }

  /** `(?i)` in front speaks for the whole, `(?-mix:` says nothing where none of these is on. */
  #modify(whole: string, on: string, off: string): void {
    const has = (option: string): boolean => this.#options.has(option)
    const changed = !on.split('').every(has) || off.split('').some(has)
    const all = this.#out === '' && (whole.endsWith(')') || this.#closesAtEnd())
    if (changed && (off !== '' || !all)) throw this.#unsupported(`${whole} around a part`)
    for (const option of on) this.#options.add(option)
    if (whole.endsWith(':')) this.#enter('(?:', ')')
  }

  /** Whether the group just opened is closed by the last character. A look at the parentheses will do: others are refused. */
  #closesAtEnd(): boolean {
    let depth = 1
    for (let at = this.#at; at < this.#source.length; at++) {
      if (this.#source[at] === '\\') at++
      else if (this.#source[at] === '(') depth++
      else if (this.#source[at] === ')' && --depth === 0) return at === this.#source.length - 1
    }
    return false
  }

  #enter(open: string, close: string): void {
    this.#open.push({ start: this.#out.length, close })
    this.#out += open
    this.#atom = this.#out.length
  }

  #closeGroup(): void {
    const group = this.#open.pop()
    if (!group) throw this.#refuse('an opening parenthesis before it', ')')
    this.#out += group.close
    this.#atom = group.start
    this.#at++
  }

  #quantifier(char: string): boolean {
    if (char === '{') return this.#count()
    if (!'*+?'.includes(char)) return false
    const mode = this.#source[this.#at + 1]
    this.#at += mode === '+' || mode === '?' ? 2 : 1
    this.#out += mode === '?' ? `${char}?` : char
    if (mode === '+') this.#wrap(...this.#atomic())
    return true
  }

  /** Behind a count, + is no sign of possession in Ruby but another quantifier. */
  #count(): boolean {
    const counted = /\{(?=\d|,\d)(\d*)(,?\d*)\}(\??)/y
    counted.lastIndex = this.#at
    const found = counted.exec(this.#source)
    if (!found) return false
    const [{ length }, least = '', most = '', lazy = ''] = found
    this.#at += length
    this.#out += `{${least || '0'}${most}}${lazy}`
    this.#wrap('(?:', ')')
    return true
  }

  #wrap(open: string, close: string): void {
    this.#out = this.#out.slice(0, this.#atom) + open + this.#out.slice(this.#atom) + close
  }

  #add(text: string): void {
    this.#atom = this.#out.length
    this.#out += text
  }

  #unsupported(what: string): AgentError {
    return new AgentError(
      'REGEX_UNSUPPORTED',
      `regular expression "${this.#source}": ${what} is not supported; write it otherwise`,
    )
  }

  #refuse(expected: string, got: string): AgentError {
    return new AgentError('REGEX_INVALID', `regular expression "${this.#source}": expected ${expected}, got "${got}"`)
  }
}

/** Numbers in place of the names that served to put the pattern together: a match with names is twice as slow. */
function numbered(named: string): { readonly pattern: string; readonly ids: readonly string[] } {
  const token = /\\k<([ga]\d+)>|\(\?<([ga]\d+)>|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g
  const ids = Array.from(named.matchAll(token), ([, , id]) => id).filter((id) => id !== undefined)
  const pattern = named.replaceAll(token, (text, reference: string | undefined, id: string | undefined) => {
    if (id !== undefined) return '('
    return reference === undefined ? text : `(?:\\${ids.indexOf(reference) + 1})`
  })
  return { pattern, ids }
}
