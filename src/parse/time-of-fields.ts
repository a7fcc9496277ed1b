import type { EventTime } from '../event/event-time.js'
import { type CivilTime, civilOf, civilSeconds, daySeconds } from './civil.js'
import type { TimeFields } from './time-directives.js'
import { fixedZone, type Zone } from './zone.js'

/** Senders' clocks may be ahead this far when a year has to be guessed. */
const yearSlackSeconds = daySeconds
/** The same when a day has to be guessed. */
const daySlackSeconds = 3600

/**
 * The moment that the fields of a time stand for. A time without a year is the latest one that is not more than a day ahead
 * of `nowSeconds`; a time without a date the latest one not more than an hour ahead.
 */
export function timeOfFields(fields: TimeFields, zone: Zone, nowSeconds: number): EventTime | undefined {
  const nanoseconds = fields.nanoseconds ?? 0
  if (fields.epoch !== undefined) return { seconds: fields.epoch, nanoseconds }
  const own = fields.offset === undefined ? zone : fixedZone(fields.offset)
  const candidates = candidatesOf(fields, nowSeconds)
  for (const { date, latest } of candidates) {
    const civil = civilSeconds({ ...date, ...timeOfDay(fields), nanoseconds })
    const seconds = civil === undefined ? undefined : own.toUtc(civil)
    if (seconds !== undefined && seconds <= latest) return { seconds, nanoseconds }
  }
  return undefined
}

interface Candidate {
  readonly date: Pick<CivilTime, 'year' | 'month' | 'day'>
  readonly latest: number
}

function candidatesOf(fields: TimeFields, nowSeconds: number): readonly Candidate[] {
  const { year, month, day, yearDay } = fields
  if (year !== undefined) return [{ date: dateOf(fields, year), latest: Infinity }]
  if (month === undefined && day === undefined && yearDay === undefined) {
    const days = [1, 0, -1].map((ahead) => civilOf(nowSeconds + ahead * daySeconds))
    return days.map((date) => ({ date, latest: nowSeconds + daySlackSeconds }))
  }
  const thisYear = civilOf(nowSeconds).year
  // The 29th of February is found up to eight years back (1896 to 1904 had none between).
  const years = Array.from({ length: 10 }, (_, back) => thisYear + 1 - back)
  return years.map((guess) => ({ date: dateOf(fields, guess), latest: nowSeconds + yearSlackSeconds }))
}

function dateOf({ month, day, yearDay }: TimeFields, year: number): Candidate['date'] {
  if (yearDay === undefined || month !== undefined) return { year, month: month ?? 1, day: day ?? 1 }
  const newYear = civilSeconds({ year, month: 1, day: 1, ...timeOfDay({}), nanoseconds: 0 }) ?? 0
  return civilOf(newYear + (yearDay - 1) * daySeconds)
}

function timeOfDay(fields: TimeFields): Pick<CivilTime, 'hour' | 'minute' | 'second'> {
  const { hour = 0, minute = 0, second = 0, afternoon } = fields
  return { hour: afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0), minute, second }
}
