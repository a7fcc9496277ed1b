import { type CanFrame, emptyFrame } from '../frame.js'
import { LineCutter, withNewlines } from './line-cutter.js'
import { formatOf, type LogFormat, readerOf } from './log-format.js'
import type { LineReader, Timing } from './line-reader.js'

/** Takes a frame, which is lent for the call. */
export type TakeFrame = (frame: CanFrame, bus: string, timing: Timing) => void

/** Lines that may pass before the form of the log is seen. */
const mostUnknown = 64

const markBytes = 3

/**
 * A log of CAN frames, as bytes come: tells its form by its first lines where nobody says it, and hands out each frame. What cannot
 * be read is passed over and counted.
 */
export class CanLog {
  readonly #take: TakeFrame
  readonly #cutter = new LineCutter()
  readonly #frame = emptyFrame()
  readonly #takeLine = (bytes: Uint8Array, start: number, end: number): void => this.#line(bytes, start, end)
  #format: LogFormat | undefined
  #reader: LineReader | undefined
  /** Lines so far; the last of them that could not be read. */
  lines = 0
  lastBad = 0
  frames = 0
  bad = 0

  constructor(take: TakeFrame, format?: LogFormat) {
    this.#take = take
    this.#format = format
    this.#reader = format && readerOf(format)
  }

  /** The form that was told or seen; undefined before the first line that shows it. */
  get format(): LogFormat | undefined {
    return this.#format
  }

  /** Lines that were too long to be any of these. */
  get tooLong(): number {
    return this.#cutter.tooLong
  }

  push(bytes: Uint8Array): void {
    const isPlain = this.#format !== undefined && this.#format !== 'slcan'
    this.#cutter.push(isPlain ? bytes : withNewlines(bytes), this.#takeLine)
  }

  /** The log ended: what has no newline is its last line. */
  end(): void {
    this.#cutter.end(this.#takeLine)
  }

  #line(bytes: Uint8Array, from: number, end: number): void {
    const start = this.lines++ === 0 && hasMark(bytes, from) ? from + markBytes : from
    const reader = this.#reader ?? this.#findReader(bytes, start, end)
    if (!reader) return
    const kind = reader.read(bytes, start, end, this.#frame)
    if (kind === 'frame') this.#found(reader)
    else if (kind === 'bad') this.#missed()
  }

  #found(reader: LineReader): void {
    this.frames++
    this.#take(this.#frame, reader.bus, reader.timing)
  }

  #missed(): void {
    this.bad++
    this.lastBad = this.lines
  }

  #findReader(bytes: Uint8Array, start: number, end: number): LineReader | undefined {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
    this.#format = formatOf(line) ?? (this.lines > mostUnknown ? 'candump' : undefined)
    this.#reader = this.#format && readerOf(this.#format)
    return this.#reader
  }
}

/** UTF-8's byte order mark, which editors put in front of a file. */
function hasMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf
}
