import { blankFrame, busError } from '../blank-frame.js'
import type { CanFrame } from '../frame.js'
import { readAscClassic, readAscFd, readDirection } from './asc-frame.js'
import { type AscHeader, readAscHeader } from './asc-header.js'
import type { LineKind, LineReader, Timing } from './line-reader.js'
import { LineScanner } from './line-scanner.js'
import { addTime, readSeconds } from './log-time.js'

/**
 * Reads log files of Vector's tools, ASC (Vector, CAN Log and Trigger ASC format; can-utils, asc2log.c):
 *
 *     date Thu Jul 10 11:17:32.249 am 2015
 *     base hex  timestamps absolute
 *        3.098426 1  18EBFF00x       Rx   d 8 01 A0 0F A6 60 3B D1 40
 *        3.501000 1  ErrorFrame
 *       30.506898 CANFD   4 Rx        4EE                  0 1 f 64 A1 02 …
 *
 * Channel 1 is the bus `can0`, or the first of the names given. All other events are passed over.
 */
export class AscReader implements LineReader {
  readonly #scan = new LineScanner()
  readonly #header: AscHeader = { base: 16, isRelative: false, seconds: undefined, nanoseconds: 0 }
  readonly #channels: string[]
  /** Of the line before, where each stamp counts from it. */
  #seconds = 0
  #nanoseconds = 0
  bus = ''

  constructor(channels: readonly string[] = []) {
    this.#channels = [...channels]
  }

  get timing(): Timing {
    return this.#header.seconds === undefined ? 'relative' : 'absolute'
  }

  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind {
    const scan = this.#scan
    scan.begin(bytes, start, end)
    scan.skipBlanks()
    if (!isDigit(scan.peek)) return this.#readHeader()
    blankFrame(frame)
    if (!readSeconds(scan, frame) || !scan.isAtWordEnd) return 'bad'
    this.#setTime(frame)
    return this.#readEvent(frame)
  }

  #readEvent(frame: CanFrame): LineKind {
    const scan = this.#scan
    const isFd = scan.takeWord('CANFD')
    scan.skipBlanks()
    const channel = scan.decimal(3)
    if (channel < 0 || !scan.isAtWordEnd) return 'other'
    this.bus = this.#nameOf(channel)
    if (isFd && !readDirection(scan, frame)) return 'other'
    if (scan.takeWord('ErrorFrame')) return readError(frame)
    return isFd ? readAscFd(scan, frame) : readAscClassic(scan, frame, this.#header.base)
  }

  #readHeader(): LineKind {
    const { bytes, at, end } = this.#scan
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString()
    const isHeader = readAscHeader(this.#header, line)
    if (/^date /i.test(line)) this.#seconds = this.#nanoseconds = 0
    return isHeader ? 'other' : 'bad'
  }

  #setTime(frame: CanFrame): void {
    const { isRelative, seconds = 0, nanoseconds } = this.#header
    if (isRelative) {
      addTime(frame, this.#seconds, this.#nanoseconds)
      this.#seconds = frame.seconds
      this.#nanoseconds = frame.nanoseconds
    }
    addTime(frame, seconds, nanoseconds)
  }

  #nameOf(channel: number): string {
    const index = Math.max(0, channel - 1)
    return (this.#channels[index] ??= `can${index}`)
  }
}

function readError(frame: CanFrame): LineKind {
  const { sent } = frame
  busError(frame)
  frame.sent = sent
  return 'frame'
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
