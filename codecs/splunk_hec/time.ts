import { type EventTime, fromNanoseconds, type Value } from 'sluice/plugin'

const secondsPattern = /^(\d{1,12})(?:\.(\d{1,9})\d*)?$/

/** Seconds since 1970 with a fraction, as a number or as text; of a number the decimals that tell it from all others count. */
export function readSeconds(value: Value): EventTime | undefined {
  const text = typeof value === 'number' ? String(value) : value
  const [, whole, fraction = ''] = typeof text === 'string' ? (secondsPattern.exec(text) ?? []) : []
  return whole === undefined ? undefined : fromNanoseconds(BigInt(whole + fraction.padEnd(9, '0')))
}
