import type { CanFrame } from '../frame.js'
import { BusNames } from './bus-names.js'
import { readCompactFrame } from './compact-frame.js'
import { readConsoleFrame } from './console-frame.js'
import type { LineKind, LineReader, Timing } from './line-reader.js'
import { isBlank, LineScanner } from './line-scanner.js'
import { readSecondsOrDate } from './log-time.js'

const escape = 0x1b
/** Seconds before 1991, when the first cars had CAN, are counted from the start of the log. */
const firstMoment = 662_688_000
/** A name of an interface has 15 bytes at most; one of another source may be longer. */
const longestName = 64

/**
 * Reads what `candump` writes, whatever its options (can-utils, candump.c):
 *
 *     (1436509052.249713) can0 123#1122 R           -l and -L: the bus, the frame, and R for received or T for sent
 *      (1436509052.249713)  can0  123   [2]  11 22  -t a; with -t d and z the seconds are relative, with -t A there is a date
 *      can0  123   [2]  11 22
 *
 * with six decimals or nine (-N), and with colours (-c). A frame alone, as `cansend` takes it, is of a bus without a name.
 */
export class CandumpReader implements LineReader {
  readonly #scan = new LineScanner()
  readonly #names = new BusNames()
  bus = ''
  timing: Timing = 'none'

  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind {
    const scan = this.#scan
    scan.begin(bytes, start, end)
    if (this.#skip() && this.#readTime(frame) && this.#readRest(frame)) return 'frame'
    return isRemark(bytes, start, scan.end) ? 'other' : 'bad'
  }

  #readTime(frame: CanFrame): boolean {
    const scan = this.#scan
    this.timing = 'none'
    if (!scan.take(0x28)) return true
    if (!readSecondsOrDate(scan, frame) || !scan.take(0x29)) return false
    this.timing = frame.seconds < firstMoment ? 'relative' : 'absolute'
    return this.#skip()
  }

  #readRest(frame: CanFrame): boolean {
    const scan = this.#scan
    const start = scan.at
    this.#skipName()
    const end = scan.at
    if (end - start > longestName) return false
    if (!this.#skip()) return this.#readAlone(start, frame)
    if (!this.#readLogged(frame) && !this.#readShown(frame)) return false
    this.bus = this.#names.nameAt(scan.bytes, start, end)
    return true
  }

  #readAlone(start: number, frame: CanFrame): boolean {
    this.#scan.at = start
    this.bus = ''
    return readCompactFrame(this.#scan, frame)
  }

  /** Gives back what it read where it is no such frame. */
  #readLogged(frame: CanFrame): boolean {
    const start = this.#scan.at
    const isFrame = readCompactFrame(this.#scan, frame)
    if (isFrame) frame.sent = this.#scan.takeWord('T')
    else this.#scan.at = start
    return isFrame
  }

  #readShown(frame: CanFrame): boolean {
    return readConsoleFrame(this.#scan, frame)
  }

  #skipName(): void {
    const scan = this.#scan
    while (!scan.isAtWordEnd && scan.peek !== escape) scan.at++
  }

  /** Blanks, and colours such as `ESC[1m`; false at the end of the line. */
  #skip(): boolean {
    const scan = this.#scan
    scan.skipBlanks()
    while (scan.take(escape)) {
      while (!scan.isAtEnd && !scan.take(0x6d)) scan.at++
      scan.skipBlanks()
    }
    return !scan.isAtEnd
  }
}

/** Nothing, a comment, a count of lost frames (-d), or what an error frame means (-e), which begins with a tab. */
function isRemark(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && isBlank(bytes[at])) at++
  if (at === end || bytes[start] === 0x09) return true
  const first = bytes[at]
  return first === 0x23 || first === 0x3b || (first === 0x44 && bytes[at + 1] === 0x52)
}
