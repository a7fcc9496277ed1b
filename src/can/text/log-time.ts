import type { CanFrame } from '../frame.js'
import type { LineScanner } from './line-scanner.js'
import { secondsOf } from './local-time.js'

/** Digits behind the point that nanoseconds have. */
const places = 9
const powers: readonly number[] = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1]

/** Reads `1436509052.249713` as the time of a frame, nine decimals at most; false where it is no number. */
export function readSeconds(scan: LineScanner, frame: CanFrame): boolean {
  const seconds = scan.decimal(12)
  return seconds >= 0 && setTime(scan, frame, seconds)
}

/** Reads `1436509052.249713`, or `2015-07-10 11:04:12.249713` in the zone of this machine. */
export function readSecondsOrDate(scan: LineScanner, frame: CanFrame): boolean {
  const first = scan.decimal(12)
  if (first < 0) return false
  const seconds = scan.take(0x2d) ? readDate(scan, first) : first
  return seconds !== undefined && setTime(scan, frame, seconds)
}

/** Moves the time of a frame that counts from a moment. */
export function addTime(frame: CanFrame, seconds: number, nanoseconds: number): void {
  const sum = frame.nanoseconds + nanoseconds
  const carry = sum >= 1e9 ? 1 : 0
  frame.seconds += seconds + carry
  frame.nanoseconds = sum - carry * 1e9
}

function setTime(scan: LineScanner, frame: CanFrame, seconds: number): boolean {
  frame.seconds = seconds
  frame.nanoseconds = 0
  if (!scan.take(0x2e)) return true
  const fraction = scan.decimal(places)
  frame.nanoseconds = fraction * (powers[scan.digits] ?? 1)
  return fraction >= 0
}

/** What stands behind the year and its hyphen. */
function readDate(scan: LineScanner, year: number): number | undefined {
  const month = scan.decimal(2)
  scan.take(0x2d)
  const day = scan.decimal(2)
  if (!scan.take(0x20) && !scan.take(0x54)) return undefined
  const hour = scan.decimal(2)
  scan.take(0x3a)
  const minute = scan.decimal(2)
  scan.take(0x3a)
  const second = scan.decimal(2)
  return secondsOf({ year, month, day, hour, minute, second })
}
