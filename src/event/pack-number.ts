import type { ByteSink } from './byte-sink.js'
import type { JsonSource } from './json-source.js'
import { writeBigInt, writeNumber } from './write-number.js'
import { writeStringHeader } from './write-string.js'

const minus = 0x2d
const plus = 0x2b
const point = 0x2e
const zero = 0x30

/** Integers of more digits than this are beyond 64 bits. */
const longestInteger = 20

/** Powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_none, exponent) => Number(`1e${exponent}`))

/** Writes the JSON number at a source's place: integers whole, however long, others as the double that is next to them. */
export function packNumber(source: JsonSource, sink: ByteSink): void {
  const start = source.at
  const { bytes } = source
  const isNegative = bytes[start] === minus
  const first = isNegative ? start + 1 : start
  const whole = digitsOf(source, first, 0)
  const { at, end } = source
  if (at - first > 1 && bytes[first] === zero) throw unexpectedAt(source, first + 1, 'no digit behind a zero')
  const next = at < end ? (bytes[at] as number) : 0
  if (next === point || (next | 0x20) === 0x65) packDouble(source, sink, start, whole)
  else if (whole <= Number.MAX_SAFE_INTEGER) writeNumber(sink, isNegative ? -whole : whole)
  else packLongInteger(source, sink, start)
}

/** The number at a source's place, rounded to a double whatever it is. */
export function readNumber(source: JsonSource, sink: ByteSink): number {
  const start = source.at
  const { at } = sink
  packNumber(source, sink)
  sink.at = at
  return Number(textFrom(source, start))
}

/** The number of the digits behind those that make `value`; exact where it comes to be safe. Takes them: one at least. */
function digitsOf(source: JsonSource, from: number, value: number): number {
  const { bytes, end } = source
  let sum = value
  let at = from
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - zero
    if (digit < 0 || digit > 9) break
    sum = sum * 10 + digit
  }
  source.at = at
  if (at === from) throw source.unexpected('a digit')
  return sum
}

/** A quotient of two doubles that are exact is rounded once, which is the double next to the number. */
function packDouble(source: JsonSource, sink: ByteSink, start: number, whole: number): void {
  const { bytes, at, end } = source
  const isFraction = bytes[at] === point
  const digits = isFraction ? digitsOf(source, at + 1, whole) : whole
  const decimals = source.at - at - 1
  const isScaled = source.at < end && ((bytes[source.at] as number) | 0x20) === 0x65
  if (isScaled) takeExponent(source)
  if (isScaled || digits > Number.MAX_SAFE_INTEGER || decimals >= powers.length)
    return writeNumber(sink, Number(textFrom(source, start)))
  const value = digits / (powers[decimals] as number)
  writeNumber(sink, bytes[start] === minus ? -value : value)
}

function takeExponent(source: JsonSource): void {
  const { bytes, end } = source
  let at = source.at + 1
  if (at < end && (bytes[at] === plus || bytes[at] === minus)) at++
  digitsOf(source, at, 0)
}

/** JSON writes an integer in one way only: the text of one beyond 64 bits is there already. */
function packLongInteger(source: JsonSource, sink: ByteSink, start: number): void {
  const { bytes, at } = source
  if (at - start <= longestInteger) return writeBigInt(sink, BigInt(textFrom(source, start)))
  writeStringHeader(sink, at - start)
  sink.raw(bytes, start, at)
}

function textFrom(source: JsonSource, start: number): string {
  return source.bytes.toString('latin1', start, source.at)
}

function unexpectedAt(source: JsonSource, at: number, expected: string): Error {
  source.at = at
  return source.unexpected(expected)
}
