import { fractionNanoseconds } from './civil.js'
import { parseOffset } from './zone.js'

/** What a format found in a text. What is missing is taken from the clock, or is the least there is. */
export interface TimeFields {
  year?: number
  month?: number
  day?: number
  yearDay?: number
  hour?: number
  minute?: number
  second?: number
  nanoseconds?: number
  afternoon?: boolean
  /** Seconds since 1970, which make all other fields but the fraction needless. */
  epoch?: number
  /** Seconds east of UTC. */
  offset?: number
}

export interface Directive {
  readonly pattern: string
  /** Takes over what the pattern matched; false when that is out of range. */
  take(fields: TimeFields, text: string): boolean
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthPattern =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
const dayPattern = 'mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?'

/** Hours east of UTC of the names that RFC 822, section 5.1, defines, and of central and eastern Europe's. */
const namedOffsets: { readonly [name: string]: number } = {
  ...{ est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
  ...{ wet: 0, west: 1, cet: 1, cest: 2, eet: 2, eest: 3 },
}

type NumberField = 'year' | 'month' | 'day' | 'yearDay' | 'hour' | 'minute' | 'second'

/** strptime skips blanks in front of numbers. */
function digits(field: NumberField, width: number, least: number, most: number): Directive {
  return {
    pattern: `\\s*\\d{1,${width}}`,
    take(fields, text) {
      const value = Number(text)
      fields[field] = value
      return value >= least && value <= most
    },
  }
}

const month: Directive = {
  pattern: monthPattern,
  take(fields, text) {
    fields.month = months.indexOf(text.slice(0, 3).toLowerCase()) + 1
    return true
  },
}

const ignored = (pattern: string): Directive => ({ pattern, take: () => true })

const fraction: Directive = {
  pattern: '\\d+',
  take(fields, text) {
    fields.nanoseconds = fractionNanoseconds(text)
    return true
  },
}

const hour12 = digits('hour', 2, 1, 12)

/** The directives of strptime (POSIX.1-2017) that say something, and `%L`, `%f`, `%N` for the digits of a fraction. */
export const directives: { readonly [letter: string]: Directive } = {
  Y: digits('year', 4, 0, 9999),
  m: digits('month', 2, 1, 12),
  d: digits('day', 2, 1, 31),
  e: digits('day', 2, 1, 31),
  j: digits('yearDay', 3, 1, 366),
  H: digits('hour', 2, 0, 23),
  k: digits('hour', 2, 0, 23),
  I: hour12,
  l: hour12,
  M: digits('minute', 2, 0, 59),
  S: digits('second', 2, 0, 60),
  y: {
    pattern: '\\d{2}',
    take(fields, text) {
      fields.year = Number(text) + (Number(text) < 69 ? 2000 : 1900)
      return true
    },
  },
  b: month,
  B: month,
  h: month,
  a: ignored(dayPattern),
  A: ignored(dayPattern),
  u: ignored('[1-7]'),
  w: ignored('[0-6]'),
  p: {
    pattern: '[ap]\\.?m\\.?',
    take(fields, text) {
      fields.afternoon = /^p/i.test(text)
      return true
    },
  },
  L: fraction,
  f: fraction,
  N: fraction,
  s: {
    pattern: '-?\\d{1,15}',
    take(fields, text) {
      fields.epoch = Number(text)
      return true
    },
  },
  z: {
    pattern: '\\s*(?:[+-]\\d{2}(?::?\\d{2})?|z|utc|gmt)',
    take(fields, text) {
      const offset = parseOffset(text.trim())
      if (offset !== undefined) fields.offset = offset
      return offset !== undefined
    },
  },
  Z: { pattern: '[a-z]+', take: takeZoneName },
  n: ignored('\\s*'),
  t: ignored('\\s*'),
  '%': ignored('%'),
}

/** Directives that stand for several. */
export const shorthands: { readonly [letter: string]: string } = {
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
}

function takeZoneName(fields: TimeFields, text: string): boolean {
  const hours = namedOffsets[text.toLowerCase()]
  const offset = hours === undefined ? parseOffset(text) : hours * 3600
  if (offset !== undefined) fields.offset = offset
  return offset !== undefined
}
