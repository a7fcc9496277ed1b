import { EntryWriter } from '../event/entry-writer.js'
import type { EventRecord } from '../event/event.js'
import { type EventTime, toEventTime } from '../event/event-time.js'
import type { InputContext, Parser } from './context.js'
import { messageOf } from './errors.js'
import { type Framer, framerOf, type FramerOptions } from './framing.js'
import { IdleWatch } from './idle-watch.js'

/** How the frames of a stream are found, where that is not as the parser's format has it. */
export interface StreamFraming {
  readonly maxFrame: number
  /** A pause that ends what is unfinished, in milliseconds; 0 for none. */
  readonly idleMs: number
  /** A framer for one stream. */
  framer(options: FramerOptions): Framer
}

export interface RecordStreamSettings {
  readonly tag: string
  readonly parser: Parser
  /** Bytes that a frame may have; longer ones are dropped as `too_long`. */
  readonly maxFrame: number
  /** Ends a frame of a parser that reads lines. */
  readonly delimiter?: string | undefined
  /** Finds the frames, instead of the parser's own framing. */
  readonly framing?: StreamFraming | undefined
  /** Encodes the events. Streams of one input may share theirs: it is empty between two calls. */
  readonly writer?: EntryWriter
}

/**
 * One byte stream to events: cuts it into frames, parses each, and emits what one read brought in one piece. A frame that
 * cannot be parsed is dropped as `invalid`, all of it, and the stream goes on.
 */
export class RecordStream {
  readonly #settings: RecordStreamSettings
  readonly #context: InputContext
  readonly #framer: Framer
  readonly #writer: EntryWriter
  readonly #idle: IdleWatch | undefined
  #fields: EventRecord | undefined
  #count = 0

  constructor(settings: RecordStreamSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#writer = settings.writer ?? new EntryWriter()
    this.#framer = this.#framerOf(settings)
    const idleMs = settings.framing?.idleMs ?? 0
    this.#idle = idleMs > 0 ? new IdleWatch(context.clock, idleMs, () => void this.end(this.#fields)) : undefined
  }

  /** Takes the next bytes; `fields` are added to each of their records. False when reading should wait for `room()`. */
  push(bytes: Uint8Array, fields?: EventRecord): boolean {
    this.#write(this.#framer.push(bytes), fields)
    if (this.#idle) this.#watch(this.#idle, fields)
    return this.#emit()
  }

  /** The stream ended: what is unfinished is its last frame. It may begin anew. */
  end(fields?: EventRecord): boolean {
    this.#idle?.stop()
    this.#write(this.#framer.end(), fields)
    return this.#emit()
  }

  /** A stream as a whole, such as a datagram. */
  whole(bytes: Uint8Array, fields?: EventRecord): boolean {
    this.#write(this.#framer.push(bytes), fields)
    return this.end(fields)
  }

  /** The stream broke off: what is unfinished is dropped as `cut_off`. */
  breakOff(): void {
    this.#idle?.stop()
    if (this.#framer.pending > 0) this.#context.drop('cut_off', 1)
  }

  #framerOf({ parser, delimiter, framing }: RecordStreamSettings): Framer {
    const options: FramerOptions = {
      maxFrame: this.#maxFrame,
      onOversize: (bytes) => this.#tooLong(bytes),
      onDamage: (reason) => this.#damaged(reason),
      onNoise: (bytes) => this.#context.count('noise_bytes', bytes),
      ...(delimiter === undefined ? {} : { delimiter }),
    }
    return framing ? framing.framer(options) : framerOf(parser.framing, options)
  }

  get #maxFrame(): number {
    return this.#settings.framing?.maxFrame ?? this.#settings.maxFrame
  }

  #watch(idle: IdleWatch, fields: EventRecord | undefined): void {
    this.#fields = fields
    if (this.#framer.pending > 0) idle.heard()
    else idle.stop()
  }

  #write(frames: Iterable<Uint8Array>, fields: EventRecord | undefined): void {
    const now = toEventTime(this.#context.clock.wall())
    for (const frame of frames) this.#writeFrame(frame, now, fields)
  }

  #writeFrame(frame: Uint8Array, now: EventTime, fields: EventRecord | undefined): void {
    const before = this.#writer.size
    let count = 0
    try {
      for (const { record, time = now } of this.#settings.parser.parse(frame)) {
        this.#writer.writeEvent(time.seconds, time.nanoseconds, fields ? { ...record, ...fields } : record)
        count++
      }
      this.#count += count
    } catch (error) {
      this.#writer.rewind(before)
      this.#context.drop('invalid', 1)
      this.#context.log.warn('dropping what cannot be parsed', { reason: messageOf(error) })
    }
  }

  #emit(): boolean {
    if (this.#count === 0) return true
    const room = this.#context.emitEntries(this.#settings.tag, this.#writer.peek(), this.#count)
    this.#writer.clear()
    this.#count = 0
    return room
  }

  #tooLong(bytes: number): void {
    this.#context.drop('too_long', 1)
    this.#context.log.warn('dropping what is too long', { bytes, most: this.#maxFrame })
  }

  #damaged(reason: string): void {
    this.#context.drop(reason, 1)
    this.#context.log.warn('dropping a damaged frame', { reason })
  }
}
