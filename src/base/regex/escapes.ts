export interface Piece {
  readonly text: string
  /** Characters of the source that it stands for. */
  readonly length: number
}

/** Escapes that JavaScript knows by the same letter and meaning, in and outside classes. */
const shared = 'dDwWsSnrtfv'

/** Escapes that stand for one set of characters, as what stands between the brackets of a class. */
export const setEscapes: { readonly [letter: string]: string } = { h: '0-9a-fA-F' }

const single: { readonly [letter: string]: string } = { a: String.raw`\x07`, e: String.raw`\x1b`, 0: String.raw`\x00` }

const outside: { readonly [letter: string]: string } = {
  b: String.raw`\b`,
  B: String.raw`\B`,
  A: String.raw`(?<![\s\S])`,
  z: String.raw`(?![\s\S])`,
  Z: String.raw`(?=\n?(?![\s\S]))`,
  h: '[0-9a-fA-F]',
  H: '[^0-9a-fA-F]',
  R: String.raw`(?:\r\n|[\n\v\f\r\u0085\u2028\u2029])`,
}

/** Onigmo's names of properties (its doc/RE, section 3) that are called otherwise here. */
const properties: { readonly [name: string]: string } = {
  alpha: 'Alphabetic',
  digit: 'Nd',
  upper: 'Uppercase',
  lower: 'Lowercase',
  space: 'White_Space',
  punct: 'P',
  cntrl: 'Cc',
  xdigit: 'AHex',
}

/** The escape at `at`, outside a class; undefined when it has no like here. */
export function translateEscape(source: string, at: number): Piece | undefined {
  const letter = source[at + 1] ?? ''
  if (Object.hasOwn(outside, letter)) return { text: outside[letter] ?? '', length: 2 }
  return translateCommonEscape(source, at)
}

/** The escape at `at` where it means the same in and outside a class. */
export function translateCommonEscape(source: string, at: number): Piece | undefined {
  const letter = source[at + 1] ?? ''
  if (letter === '') return undefined
  if (shared.includes(letter)) return { text: `\\${letter}`, length: 2 }
  if (Object.hasOwn(single, letter)) return { text: single[letter] ?? '', length: 2 }
  if ('xup'.includes(letter.toLowerCase())) return translateCoded(source, at)
  return /[A-Za-z0-9]/.test(letter) ? undefined : literal(String.fromCodePoint(source.codePointAt(at + 1) ?? 0))
}

function literal(char: string): Piece {
  return { text: /[\^$\\.*+?()[\]{}|/-]/.test(char) ? escapeOf(char) : char, length: 1 + char.length }
}

/** A minus may be escaped only in classes, a number never. */
function escapeOf(char: string): string {
  return char === '-' ? String.raw`\x2d` : `\\${char}`
}

function translateCoded(source: string, at: number): Piece | undefined {
  const coded = /\\(?:x\{([\da-f]+)\}|x([\da-f]{1,2})|u([\da-f]{4})|([pP])\{(\^?)(\w+(?:=\w+)?)\})/iy
  coded.lastIndex = at
  const found = coded.exec(source)
  if (!found) return undefined
  const [{ length }, long, short, unit, letter, not, name = ''] = found
  const code = long ?? short ?? unit
  if (code !== undefined) return { text: `\\u{${code}}`, length }
  const negative = (letter === 'P') !== (not === '^')
  return { text: `\\${negative ? 'P' : 'p'}{${properties[name.toLowerCase()] ?? name}}`, length }
}
