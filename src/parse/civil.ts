export const daySeconds = 86_400

/** A day as calendars have it; months and days count from 1. */
export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days from 1970-01-01 to this day of the Gregorian calendar; undefined where it has no such day. */
export function dayNumber({ year, month, day }: CivilDate): number | undefined {
  const length = month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] ?? 0)
  if (day < 1 || day > length) return undefined
  // Years that begin in March have their leap day at the end, and months whose lengths repeat every five (153 days).
  const shifted = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return (
    shifted * 365 +
    Math.floor(shifted / 4) -
    Math.floor(shifted / 100) +
    Math.floor(shifted / 400) +
    dayOfYear -
    719_468
  )
}

/** The day in UTC of these seconds since 1970. */
export function civilDate(seconds: number): CivilDate {
  const date = new Date(seconds * 1000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Digits behind a decimal point as nanoseconds; digits beyond the ninth are cut off. */
export function fractionNanoseconds(digits: string): number {
  return Number(digits.slice(0, 9).padEnd(9, '0'))
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
