import { secondsOf } from './local-time.js'

/** Columns of a line, in order, by the letters of the format's version 2. */
export type TrcColumns = readonly string[]

/** What the head of a TRC file says of the lines below. */
export interface TrcHeader {
  columns: TrcColumns
  /** Identifiers of one column tell extended frames by their digits in every version. */
  seconds: number | undefined
  nanoseconds: number
}

/** Columns that the versions without `$COLUMNS` have; version 1.0 has no line that names it. */
const columnsOf: { readonly [version: string]: TrcColumns } = {
  '1.0': ['N', 'O', 'I', 'L', 'D'],
  '1.1': ['N', 'O', 'd', 'I', 'L', 'D'],
  '1.2': ['N', 'O', 'B', 'd', 'I', 'L', 'D'],
  '1.3': ['N', 'O', 'B', 'd', 'I', 'R', 'L', 'D'],
}

/** Days from the moment that dates of this format count from, 30 December 1899, to 1970. */
const daysTo1970 = 25_569
const daySeconds = 86_400
/** In the year 2173. */
const lastDay = 100_000

export function newTrcHeader(): TrcHeader {
  return { columns: columnsOf['1.0'] ?? [], seconds: undefined, nanoseconds: 0 }
}

/**
 * Reads a line of the head of a TRC file (PEAK-System, PEAK CAN TRC File Format), which begins with a semicolon:
 *
 *     ;$FILEVERSION=2.1
 *     ;$STARTTIME=44548.6028595139      days, in the zone of the machine
 *     ;$COLUMNS=N,O,T,B,I,d,R,L,D
 */
export function readTrcHeader(header: TrcHeader, line: string): void {
  const [, name, value = ''] = /^;\s*\$(\w+)=(.*)/.exec(line) ?? []
  if (name === 'FILEVERSION') header.columns = columnsOf[value.trim()] ?? header.columns
  else if (name === 'COLUMNS') header.columns = value.trim().split(',', 32)
  else if (name === 'STARTTIME') setStart(header, Number(value))
}

/** Files have ten decimals, which are some ten microseconds: the tools write tenths of milliseconds. */
function setStart(header: TrcHeader, days: number): void {
  if (!(days > 0 && days < lastDay)) return
  const tenths = Math.round((days - daysTo1970) * daySeconds * 10_000)
  const shown = new Date(Math.floor(tenths / 10_000) * 1000)
  header.seconds = secondsOf({
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
  })
  header.nanoseconds = (tenths - Math.floor(tenths / 10_000) * 10_000) * 100_000
}

/** Days, as `$STARTTIME` has them, of a moment in the zone of this machine. */
export function trcDays(seconds: number): number {
  const date = new Date(seconds * 1000)
  return daysTo1970 + (seconds - date.getTimezoneOffset() * 60) / daySeconds
}
