import { Fault } from './fault.js'
import { keywords } from './keywords.js'
import type { Scanner } from './scanner.js'

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const whole = /^(?:[+-]?\d+|0x[\da-f]+)$/i

/** Digits of a number beyond 64 bits take time that grows faster than they do. */
const longestNumber = 100

/** Longest excerpt of the file in the text of a problem. */
const longestExcerpt = 40

/**
 * The `take` functions answer the current token as what is expected, and go on; where something else stands they throw a
 * Fault. The `accept` functions answer undefined or false there, and take nothing.
 */
export function takeWord(scanner: Scanner, what: string): string {
  return acceptWord(scanner) ?? unexpected(scanner, what)
}

/** A word that begins no statement. */
export function acceptWord(scanner: Scanner): string | undefined {
  return scanner.kind === 'word' && !keywords.has(scanner.text) ? taken(scanner) : undefined
}

/** A name is a word on the line of its statement, even one that begins statements elsewhere, such as `VERSION`. */
export function takeName(scanner: Scanner, what: string): string {
  return scanner.kind === 'word' && !scanner.startsLine ? taken(scanner) : takeWord(scanner, what)
}

export function takeMark(scanner: Scanner, mark: string): void {
  if (!acceptMark(scanner, mark)) unexpected(scanner, `"${mark}"`)
}

export function acceptMark(scanner: Scanner, mark: string): boolean {
  if (scanner.kind !== 'mark' || scanner.text !== mark) return false
  scanner.next()
  return true
}

export function takeText(scanner: Scanner, what: string): string {
  return acceptText(scanner) ?? unexpected(scanner, what)
}

/** A text that nobody ended is a Fault, since what follows it would be read wrongly. */
export function acceptText(scanner: Scanner): string | undefined {
  if (scanner.kind !== 'text') return undefined
  if (scanner.isOpen)
    throw new Fault(scanner.start, 'expected a quote at the end of this text, got the end of the file')
  return taken(scanner)
}

const statementInText =
  /[\r\n][ \t]*(?:BO_|SG_|CM_|EV_|BA_|BA_DEF_|BA_DEF_DEF_|VAL_|VAL_TABLE_|SIG_VALTYPE_|SG_MUL_VAL_|BO_TX_BU_|SIG_GROUP_)[ \t]/

/** Whether statements begin in the current text, which was not ended where it should be. */
export function swallowsStatements({ kind, text, start, endLine }: Scanner): boolean {
  return kind === 'text' && endLine > start.line && statementInText.test(text)
}

/** A finite number. */
export function takeNumber(scanner: Scanner, what: string): number {
  const { kind, text } = scanner
  const value = kind === 'word' && text.length <= longestNumber && decimal.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) unexpected(scanner, what)
  scanner.next()
  return value
}

/** A whole number, not negative, that a double holds. */
export function takeCount(scanner: Scanner, what: string): number {
  const value = scanner.kind === 'word' && whole.test(scanner.text) ? Number(scanner.text) : Number.NaN
  if (!Number.isSafeInteger(value) || value < 0) unexpected(scanner, what)
  scanner.next()
  return value
}

/** A raw value of a signal: whole ones beyond 2^53 are bigints, others are rounded to doubles. */
export function acceptRaw(scanner: Scanner): number | bigint | undefined {
  const { kind, text } = scanner
  if (kind !== 'word' || text.length > longestNumber || !(decimal.test(text) || whole.test(text))) return undefined
  scanner.next()
  const value = Number(text)
  return Number.isSafeInteger(value) || !whole.test(text) ? value : BigInt(text.replace('+', ''))
}

export function unexpected(scanner: Scanner, what: string): never {
  throw new Fault(scanner.start, `expected ${what}, got ${tokenText(scanner)}`)
}

/** How the current token reads in the text of a problem. */
export function tokenText(scanner: Scanner): string {
  if (scanner.kind === 'end') return 'the end of the file'
  return excerpt(scanner.kind === 'text' ? `text ${scanner.text}` : scanner.text)
}

/** Text of the file, short enough for the text of a problem. */
export function excerpt(text: string): string {
  return `"${text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text}"`
}

function taken(scanner: Scanner): string {
  const { text } = scanner
  scanner.next()
  return text
}
