import type { Value } from '../event/event.js'
import { fractionNanoseconds } from './civil.js'
import { directives, type TimeFields } from './time-directives.js'

const epochPattern = /^\s*(\d{1,20})(?:\.(\d+))?\s*$/

/** Extended ISO 8601 down to a date alone; the basic form needs a time of day, else it would be a number. */
const isoPattern =
  /^\s*(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d)(?=T))(?:(?:T|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?\s*$/i

/** Longer texts are not looked at. */
const longestIso = 64

/** What the groups of that pattern are, by their directives. */
const isoDirectives = Array.from('YmdmdHMSLz', (letter) => directives[letter])

/** Epochs from here on count milliseconds, microseconds, nanoseconds: 1e11 seconds would be the year 5138. */
const finerFrom = [1e11, 1e14, 1e17]

/** A time in a value whose format nobody stated: an epoch, or ISO 8601. */
export function readPlainTime(value: Value): TimeFields | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return readEpoch(String(value))
  return typeof value === 'string' ? (readIso(value) ?? readEpoch(value)) : undefined
}

/** By its size an epoch counts seconds, milliseconds, microseconds or nanoseconds; its decimals are kept exactly. */
function readEpoch(text: string): TimeFields | undefined {
  const found = epochPattern.exec(text)
  if (!found) return undefined
  const [, whole = '', fraction = ''] = found
  const power = finerFrom.filter((least) => Number(whole) >= least).length * 3
  const split = whole.length - power
  return { epoch: Number(whole.slice(0, split)), nanoseconds: fractionNanoseconds(whole.slice(split) + fraction) }
}

function readIso(text: string): TimeFields | undefined {
  const found = text.length > longestIso ? null : isoPattern.exec(text)
  if (!found) return undefined
  const fields: TimeFields = {}
  for (let index = 0; index < isoDirectives.length; index++) {
    const digits = found[index + 1]
    if (digits !== undefined && !isoDirectives[index]?.take(fields, digits)) return undefined
  }
  return fields
}
