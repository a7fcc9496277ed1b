import { type EventTime, toIsoText } from './event-time.js'
import type { JsonDateFormat } from './json-date.js'

/** A time as text: nanoseconds where the format is a number of seconds, microseconds in the other two with fractions. */
export function dateText(time: EventTime, format: JsonDateFormat): string {
  switch (format) {
    case 'double':
      return `${time.seconds}.${String(time.nanoseconds)
        .padStart(9, '0')
        .replace(/0{1,8}$/, '')}`
    case 'iso8601':
      return `${microseconds(time)}Z`
    case 'java_sql_timestamp':
      return microseconds(time).replace('T', ' ')
    case 'epoch':
      return String(time.seconds)
    case 'epoch_ms':
      return String(time.seconds * 1000 + Math.floor(time.nanoseconds / 1e6))
  }
}

/** `2026-11-23T21:03:00.123456`, and no zone. */
function microseconds(time: EventTime): string {
  return toIsoText(time).slice(0, 26)
}

/** The name of the field that `json_date_key` asks for, none where the user wants no time written. */
export function dateKeyOf(option: string): string | undefined {
  return /^(false|off|no)?$/i.test(option) ? undefined : option
}
