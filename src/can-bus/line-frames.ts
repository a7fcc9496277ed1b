import { emptyFrame } from '../can/frame.js'
import { LineCutter } from '../can/text/line-cutter.js'
import type { LineReader } from '../can/text/line-reader.js'
import { type EventTime, toEventTime } from '../event/event-time.js'
import type { PluginContext } from '../plugin/context.js'
import type { CanFilter, TakeFrame } from './can-bus.js'
import { passes } from './filters.js'

export interface LineFramesParts {
  readonly reader: LineReader
  /** The byte that ends a line. */
  readonly delimiter?: number
  /** Name of the bus, where lines have none. */
  readonly bus: string
  readonly filters: readonly CanFilter[]
  readonly context: Pick<PluginContext, 'clock' | 'count'>
  /** Hears of a line that is no frame, in Latin-1. */
  readonly onOther?: (line: string) => void
}

/** Frames of a live stream of lines. Those whose lines have no time that counts from 1970 came now. */
export class LineFrames {
  readonly #parts: LineFramesParts
  readonly #cutter: LineCutter
  readonly #frame = emptyFrame()
  readonly #takeLine = (bytes: Uint8Array, start: number, end: number): void => this.#line(bytes, start, end)
  #take: TakeFrame = () => undefined
  #given = 0
  #now: EventTime = toEventTime(0)

  constructor(parts: LineFramesParts) {
    this.#parts = parts
    this.#cutter = new LineCutter(parts.delimiter)
  }

  /** How many frames it gave. */
  push(bytes: Uint8Array, take: TakeFrame): number {
    this.#now = toEventTime(this.#parts.context.clock.wall())
    this.#take = take
    this.#given = 0
    const tooLong = this.#cutter.tooLong
    this.#cutter.push(bytes, this.#takeLine)
    if (this.#cutter.tooLong > tooLong) this.#parts.context.count('bad_lines', this.#cutter.tooLong - tooLong)
    return this.#given
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    const { reader, context, onOther } = this.#parts
    const kind = reader.read(bytes, start, end, this.#frame)
    if (kind === 'frame') this.#found(reader)
    else if (kind === 'bad') context.count('bad_lines')
    else onOther?.(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'))
  }

  #found({ bus, timing }: LineReader): void {
    const frame = this.#frame
    if (!passes(frame, this.#parts.filters)) return
    if (timing !== 'absolute') {
      frame.seconds = this.#now.seconds
      frame.nanoseconds = this.#now.nanoseconds
    }
    this.#given++
    this.#take(frame, bus || this.#parts.bus)
  }
}
