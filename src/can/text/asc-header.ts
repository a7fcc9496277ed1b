import { secondsOf } from './local-time.js'

/** What the head of an ASC file says of the lines below. */
export interface AscHeader {
  /** Base of identifiers and data. */
  base: 10 | 16
  /** Each stamp counts from the line before it, not from the start. */
  isRelative: boolean
  /** When the measurement began; undefined where nothing readable says so. */
  seconds: number | undefined
  nanoseconds: number
}

/** The first three letters of months, in English and in German. */
const months: readonly (readonly string[])[] = [
  ['jan'],
  ['feb'],
  ['mar', 'mrz', 'mär'],
  ['apr'],
  ['may', 'mai'],
  ['jun'],
  ['jul'],
  ['aug'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dez'],
]

/** Day of the week, month, day, time with or without milliseconds, half of the day, year. */
const dateText = /^\S+ +(\D{3})\S* +(\d{1,2}) +(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: +([ap]m))? +(\d{4})/i

/**
 * Reads a line of the head of an ASC file (Vector, CAN Log and Trigger ASC format); false where it is none:
 *
 *     date Thu Jul 10 11:17:32.249 am 2015
 *     base hex  timestamps absolute
 *     Begin Triggerblock Thu Jul 10 11:17:32.249 am 2015
 */
export function readAscHeader(header: AscHeader, line: string): boolean {
  const date = /^date +(.*)/i.exec(line)?.[1]
  if (date !== undefined) return readDate(header, date)
  const block = /^begin +trigger *block +(.*)/i.exec(line)?.[1]
  // The block says when it began; its stamps count from the start all the same.
  if (block !== undefined) return header.seconds !== undefined || readDate(header, block)
  const base = /^base +(hex|dec|dez)(?: +timestamps +(absolute|relative))?/i.exec(line)
  if (!base) return /^((no +)?internal +events|end +trigger *block|\/\/|version\b|$)/i.test(line)
  header.base = base[1]?.toLowerCase() === 'hex' ? 16 : 10
  header.isRelative = base[2]?.toLowerCase() === 'relative'
  return true
}

/** A date of another language is passed over: the stamps are relative to an unknown moment then. */
function readDate(header: AscHeader, text: string): boolean {
  const found = dateText.exec(text.trim())
  const [, name = '', day, hour, minute, second, fraction = '', half, year] = found ?? []
  const month = months.findIndex((names) => names.includes(name.toLowerCase())) + 1
  const time = { hour: hourOf(Number(hour), half), minute: Number(minute), second: Number(second) }
  header.seconds = month > 0 ? secondsOf({ year: Number(year), month, day: Number(day), ...time }) : undefined
  header.nanoseconds = Number(fraction.padEnd(9, '0'))
  return true
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}
