import { type Piece, setEscapes, translateCommonEscape } from './escapes.js'

/** POSIX brackets, as Onigmo has them for text in ASCII. */
const posix: { readonly [name: string]: string } = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: String.raw` \t`,
  cntrl: String.raw`\x00-\x1f\x7f`,
  digit: '0-9',
  graph: String.raw`\x21-\x7e`,
  lower: 'a-z',
  print: String.raw`\x20-\x7e`,
  punct: String.raw`!-\/:-@\[-\x60\{-~`,
  space: String.raw`\s`,
  upper: 'A-Z',
  word: String.raw`\w`,
  xdigit: '0-9a-fA-F',
}

/** The character class at `at`; undefined when it has no like here: classes inside one another, intersections. */
export function translateClass(source: string, at: number): Piece | 'unclosed' | undefined {
  const negative = source[at + 1] === '^'
  let next = at + (negative ? 2 : 1)
  let text = negative ? '[^' : '['
  for (let first = true; next < source.length; first = false) {
    if (source[next] === ']' && !first) return { text: `${text}]`, length: next + 1 - at }
    const piece = member(source, next)
    if (!piece) return undefined
    text += piece.text
    next += piece.length
  }
  return 'unclosed'
}

function member(source: string, at: number): Piece | undefined {
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0)
  if (char === '\\') return escaped(source, at)
  if (char === '[') return bracket(source, at)
  if (source.startsWith('&&', at)) return undefined
  if (char === '-' && betweenSets(source, at)) return { text: String.raw`\-`, length: 1 }
  return { text: '](){}/|^'.includes(char) ? `\\${char}` : char, length: char.length }
}

function escaped(source: string, at: number): Piece | undefined {
  const letter = source[at + 1] ?? ''
  if (letter === 'b') return { text: String.raw`\x08`, length: 2 }
  if (Object.hasOwn(setEscapes, letter)) return { text: setEscapes[letter] ?? '', length: 2 }
  return translateCommonEscape(source, at)
}

function bracket(source: string, at: number): Piece | undefined {
  const named = /\[:(\w+):\]/y
  named.lastIndex = at
  const found = named.exec(source)
  const members = found && Object.hasOwn(posix, found[1] ?? '') ? posix[found[1] ?? ''] : undefined
  return found && members !== undefined ? { text: members, length: found[0].length } : undefined
}

/** A minus beside a set such as `\w` or `[:alpha:]` is itself, which must be said here. */
function betweenSets(source: string, at: number): boolean {
  return /(\\[dDwWsShpP]|\}|:\])$/.test(source.slice(0, at)) || /^-(\\[dDwWsSh]|\[:)/.test(source.slice(at))
}
