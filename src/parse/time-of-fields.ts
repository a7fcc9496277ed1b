import type { EventTime } from '../event/event-time.js'
import { civilDate, dayNumber, daySeconds } from './civil.js'
import type { TimeFields } from './time-directives.js'
import type { Zone } from './zone.js'

/** Senders' clocks may be ahead this far when a year has to be guessed. */
const yearSlackSeconds = daySeconds
/** The same when a day has to be guessed. */
const daySlackSeconds = 3600
/** The 29th of February is missing for up to eight years (1896 to 1904). */
const guessedYears = 10

/**
 * The moment that the fields of a time stand for. A time without a year is the latest one that is not more than a day ahead
 * of `nowSeconds`; a time without a date the latest one not more than an hour ahead.
 */
export function timeOfFields(fields: TimeFields, zone: Zone, nowSeconds: number): EventTime | undefined {
  const seconds =
    fields.epoch ??
    (fields.year === undefined ? guess(fields, zone, nowSeconds) : timeOn(dayIn(fields, fields.year), fields, zone))
  return seconds === undefined ? undefined : { seconds, nanoseconds: fields.nanoseconds ?? 0 }
}

function guess(fields: TimeFields, zone: Zone, nowSeconds: number): number | undefined {
  const hasDay = fields.month !== undefined || fields.day !== undefined || fields.yearDay !== undefined
  const latest = nowSeconds + (hasDay ? yearSlackSeconds : daySlackSeconds)
  const days = hasDay
    ? sameDays(fields, nowSeconds)
    : [1, 0, -1].map((ahead) => Math.floor(nowSeconds / daySeconds) + ahead)
  for (const day of days) {
    const seconds = timeOn(day, fields, zone)
    if (seconds !== undefined && seconds <= latest) return seconds
  }
  return undefined
}

/** This day in next year, this year, and those before. */
function sameDays(fields: TimeFields, nowSeconds: number): readonly (number | undefined)[] {
  const { year } = civilDate(nowSeconds)
  return Array.from({ length: guessedYears }, (_, back) => dayIn(fields, year + 1 - back))
}

/** The day of that year as days since 1970; undefined where the year has none such. */
function dayIn({ month, day, yearDay }: TimeFields, year: number): number | undefined {
  if (yearDay === undefined || month !== undefined) return dayNumber({ year, month: month ?? 1, day: day ?? 1 })
  const found = (dayNumber({ year, month: 1, day: 1 }) ?? 0) + yearDay - 1
  return found <= (dayNumber({ year, month: 12, day: 31 }) ?? 0) ? found : undefined
}

function timeOn(day: number | undefined, fields: TimeFields, zone: Zone): number | undefined {
  if (day === undefined) return undefined
  const { hour = 0, minute = 0, second = 0, afternoon, offset } = fields
  const hours = afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0)
  const civil = day * daySeconds + hours * 3600 + minute * 60 + second
  return offset === undefined ? zone.toUtc(civil) : civil - offset
}
