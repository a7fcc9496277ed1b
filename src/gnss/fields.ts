import { rounded } from './fix.js'

/** A number of a sentence; undefined where there is none. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

/** `hhmmss.sss` as milliseconds of the day; a leap second is the next day's first. */
export function timeOfDayOf(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(text ?? '') ?? []
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  return h < 24 && m < 60 && s < 61 ? Math.round((h * 3600 + m * 60 + s) * 1000) : undefined
}

/** GPS began in 1980: two digits below are years of this century. */
const firstYear = 80

/** `ddmmyy` as the beginning of that day, in milliseconds since 1970 UTC. */
export function dateOf(text: string | undefined): number | undefined {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? []
  return dayOf(Number(year) + (Number(year) < firstYear ? 2000 : 1900), Number(month), Number(day))
}

/** Undefined where the calendar has no such day. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? date.getTime() : undefined
}

/** `ddmm.mmmm,N` as degrees, south and west negative; undefined where it is no place. */
export function degreesOf(text: string | undefined, side: string | undefined, most: 90 | 180): number | undefined {
  const [, degrees, minutes] = /^(\d{1,3})(\d\d(?:\.\d*)?)$/.exec(text ?? '') ?? []
  const sign = signs.get(side ?? '')
  const value = Number(degrees) + Number(minutes) / 60
  if (sign === undefined || !(Number(minutes) < 60) || !(value <= most)) return undefined
  return rounded(sign * value, 9)
}

const signs: ReadonlyMap<string, 1 | -1> = new Map([
  ['N', 1],
  ['E', 1],
  ['S', -1],
  ['W', -1],
])

/** A nautical mile is 1852 m. */
export function knotsToMetres(knots: number | undefined): number | undefined {
  return knots === undefined ? undefined : rounded((knots * 1852) / 3600, 4)
}
