import { type EventTime, toIsoText } from './event-time.js'

/** How a time is written where there is no type for it. All but `iso8601` and `java_sql_timestamp` are numbers. */
export type DateFormat = 'double' | 'iso8601' | 'java_sql_timestamp' | 'epoch' | 'epoch_ms'

/** A time as text, every digit of it where the format has room for them. */
export function dateText(time: EventTime, format: DateFormat): string {
  switch (format) {
    case 'double':
      return `${time.seconds}.${String(time.nanoseconds)
        .padStart(9, '0')
        .replace(/0{1,8}$/, '')}`
    case 'iso8601':
      return toIsoText(time)
    case 'java_sql_timestamp':
      return toIsoText(time).replace('T', ' ').replace('Z', '')
    case 'epoch':
      return String(time.seconds)
    case 'epoch_ms':
      return String(time.seconds * 1000 + Math.floor(time.nanoseconds / 1e6))
  }
}

/** The name of the field that `json_date_key` asks for, none where the user wants no time written. */
export function dateKeyOf(option: string): string | undefined {
  return /^(false|off|no)?$/i.test(option) ? undefined : option
}
