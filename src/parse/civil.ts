import type { EventTime } from '../event/event-time.js'

/** A date and time of day as a calendar and a clock on the wall show them, in no zone yet. Months and days count from 1. */
export interface CivilTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanoseconds: number
}

export const daySeconds = 86_400

/** Seconds from 1970 to this civil time, as if its zone were UTC; undefined where the calendar has no such day. */
export function civilSeconds(time: CivilTime): number | undefined {
  const { year, month, day, hour, minute, second } = time
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  const real = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day
  return real ? midnight.getTime() / 1000 + hour * 3600 + minute * 60 + second : undefined
}

/** The civil time in UTC of these seconds since 1970. */
export function civilOf(seconds: number): CivilTime {
  const date = new Date(seconds * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanoseconds: 0,
  }
}

/** Digits behind a decimal point as nanoseconds; digits beyond the ninth are cut off. */
export function fractionNanoseconds(digits: string): number {
  return Number(digits.slice(0, 9).padEnd(9, '0'))
}

/** Whether an EventTime can hold these seconds: from 1970 to 2106 (Forward Protocol Specification v1, "EventTime Ext Format"). */
export function fitsEventTime({ seconds }: EventTime): boolean {
  return seconds >= 0 && seconds < 2 ** 32
}
