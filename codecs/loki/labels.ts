import { type EventRecord, setField, type Value } from 'sluice/plugin'

/** Label names of Prometheus; newer ones may be any text in quotes. */
const namePattern = /[a-zA-Z_:][\w:.]*/y

/** The escapes of a quoted text (The Go Programming Language Specification, "String literals"). */
const escapePattern = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs
const letters: { readonly [letter: string]: string } = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** `{job="a", host="b"}` as Prometheus writes a set of labels; undefined where the text is none. */
export function readLabels(text: string): EventRecord | undefined {
  const labels: Record<string, Value> = {}
  let at = afterBlanks(text, 0)
  if (text[at] !== '{') return undefined
  at = afterBlanks(text, at + 1)
  while (at < text.length && text[at] !== '}') {
    const pair = readPair(text, at)
    if (!pair) return undefined
    setField(labels, pair.name, pair.value)
    at = afterBlanks(text, pair.end)
    if (text[at] === ',') at = afterBlanks(text, at + 1)
    else if (text[at] !== '}') return undefined
  }
  return text[at] === '}' && afterBlanks(text, at + 1) === text.length ? labels : undefined
}

/** The same, written; names are plain. The escapes of JSON are such escapes too. */
export function writeLabels(labels: readonly (readonly [name: string, value: string])[]): string {
  return `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`
}

interface Part {
  readonly value: string
  readonly end: number
}

function readPair(text: string, start: number): { name: string; value: string; end: number } | undefined {
  const name = text[start] === '"' ? readQuoted(text, start) : readName(text, start)
  const equals = name ? afterBlanks(text, name.end) : 0
  if (!name || text[equals] !== '=') return undefined
  const value = readQuoted(text, afterBlanks(text, equals + 1))
  return value && { name: name.value, value: value.value, end: value.end }
}

function readName(text: string, start: number): Part | undefined {
  namePattern.lastIndex = start
  const name = namePattern.exec(text)?.[0]
  return name === undefined ? undefined : { value: name, end: start + name.length }
}

function readQuoted(text: string, start: number): Part | undefined {
  if (text[start] !== '"') return undefined
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return { value: unescape(text.slice(start + 1, at)), end: at + 1 }
  }
  return undefined
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(escapePattern, (_, escape: string) => {
    if (escape.length === 1) return letters[escape] ?? escape
    return /^[uU]/.test(escape) ? characterOf(Number.parseInt(escape.slice(1), 16)) : byteOf(escape)
  })
}

function characterOf(code: number): string {
  return code > 0x10_ff_ff || (code >= 0xd8_00 && code < 0xe0_00) ? '\uFFFD' : String.fromCodePoint(code)
}

/** `\xHH` and `\OOO` are single bytes: what is no ASCII was no UTF-8 either. */
function byteOf(escape: string): string {
  const code = escape.startsWith('x') ? Number.parseInt(escape.slice(1), 16) : Number.parseInt(escape, 8)
  return code < 0x80 ? String.fromCharCode(code) : '\uFFFD'
}

function afterBlanks(text: string, start: number): number {
  let at = start
  while (text[at] === ' ') at++
  return at
}
