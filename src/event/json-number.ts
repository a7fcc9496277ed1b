import type { ByteSink } from './byte-sink.js'
import { writeAscii } from './json-text.js'

/** A number as JSON has it: as JavaScript writes it, and null where it is not finite. */
export function writeDecimal(sink: ByteSink, value: number): void {
  if ((value | 0) === value && value >= 0) writeDigits(sink, value, digitsOf(value))
  else writeAscii(sink, Number.isFinite(value) ? String(value) : 'null')
}

/** A non-negative integer below 2^31 in at least `digits` digits, zeros in front. */
export function writeDigits(sink: ByteSink, value: number, digits: number): void {
  sink.reserve(digits)
  const { bytes, at } = sink
  let rest = value
  for (let to = at + digits - 1; to >= at; to--) {
    const next = (rest / 10) | 0
    bytes[to] = 0x30 + rest - next * 10
    rest = next
  }
  sink.at = at + digits
}

function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}
