import { type EventTime, fromNanoseconds, type Value } from 'sluice/plugin'

/** Four digits alone are a year in dates of Elasticsearch, so milliseconds as text have more. */
const millisPattern = /^(\d{5,16})(?:\.(\d{1,6})\d*)?$/
const isoPattern =
  /^(\d{4}-\d\d-\d\d)(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9})\d*)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * A time as documents of Elasticsearch have it unless their mapping says otherwise (Elasticsearch, "Date field type":
 * `strict_date_optional_time||epoch_millis`), exact to the nanosecond. Undefined where it is none.
 */
export function readTimestamp(value: Value): EventTime | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return readMillis(String(value).padStart(5, '0'))
  return typeof value === 'string' ? (readMillis(value) ?? readIso(value)) : undefined
}

function readMillis(text: string): EventTime | undefined {
  const [, whole, fraction = ''] = millisPattern.exec(text) ?? []
  return whole === undefined ? undefined : fromNanoseconds(BigInt(whole + fraction.padEnd(6, '0')))
}

function readIso(text: string): EventTime | undefined {
  const found = isoPattern.exec(text)
  if (!found) return undefined
  const [, date = '', time = '00:00', second = '00', fraction = '', zone = 'Z'] = found
  const millis = Date.parse(`${date}T${time}:${second}Z`)
  if (Number.isNaN(millis) || !isDayOfMonth(date, millis)) return undefined
  const seconds = BigInt(millis / 1000 - offsetSeconds(zone))
  return fromNanoseconds(seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')))
}

/** A day that its month does not have was taken for one of the next. */
function isDayOfMonth(date: string, millis: number): boolean {
  return date.endsWith(String(new Date(millis).getUTCDate()).padStart(2, '0'))
}

/** Seconds east of UTC. */
function offsetSeconds(zone: string): number {
  if (zone === 'Z') return 0
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3).replace(':', '')) * 60
  return zone.startsWith('-') ? -seconds : seconds
}
