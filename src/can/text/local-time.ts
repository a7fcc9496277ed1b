/** A moment as a calendar and a clock show it; `month` counts from 1. */
export interface CivilTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/**
 * Seconds since 1970 of a moment in the zone of this machine, which is what dates in logs of CAN are in: can-utils has them from
 * localtime(3), and neither ASC nor TRC names a zone. Undefined where there is no such moment.
 */
export function secondsOf({ year, month, day, hour, minute, second }: CivilTime): number | undefined {
  const date = new Date(year, month - 1, day, hour, minute, second)
  const isReal = date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 61
  return isReal ? date.getTime() / 1000 : undefined
}

/** The moment so many whole seconds after 1970, in the zone of this machine. */
export function civilTimeOf(seconds: number): CivilTime {
  const date = new Date(seconds * 1000)
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
  }
}
