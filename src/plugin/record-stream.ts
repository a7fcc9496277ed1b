import type { EventRecord } from '../event/event.js'
import type { InputContext, Parser } from './context.js'
import { messageOf } from './errors.js'
import { type Framer, framerOf } from './framing.js'

export interface RecordStreamSettings {
  readonly tag: string
  readonly parser: Parser
  /** Bytes that a frame may have; longer ones are dropped as `too_long`. */
  readonly maxFrame: number
  /** Ends a frame of a parser that reads lines. */
  readonly delimiter?: string | undefined
  /** Added to every record. */
  readonly fields?: EventRecord
}

/**
 * One byte stream to events: cuts it into frames, parses each and emits its records. A frame that cannot be parsed is
 * dropped as `invalid`, and the stream goes on.
 */
export class RecordStream {
  readonly #settings: RecordStreamSettings
  readonly #context: InputContext
  readonly #framer: Framer

  constructor(settings: RecordStreamSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#framer = framerOf(settings.parser.framing, {
      maxFrame: settings.maxFrame,
      onOversize: () => context.drop('too_long', 1),
      ...(settings.delimiter === undefined ? {} : { delimiter: settings.delimiter }),
    })
  }

  /** Takes the next bytes. False when reading should wait for `room()`. */
  push(bytes: Uint8Array): boolean {
    return this.#take(this.#framer.push(bytes))
  }

  /** The stream ended: what is unfinished is its last frame. */
  end(): boolean {
    return this.#take(this.#framer.end())
  }

  #take(frames: Iterable<Uint8Array>): boolean {
    let room = true
    for (const frame of frames) room = this.#parse(frame) && room
    return room
  }

  #parse(frame: Uint8Array): boolean {
    const { tag, parser, fields } = this.#settings
    try {
      let room = true
      for (const { record, time } of parser.parse(frame)) {
        room = this.#context.emit(tag, fields ? { ...record, ...fields } : record, time)
      }
      return room
    } catch (error) {
      this.#context.drop('invalid', 1)
      this.#context.log.warn('dropping what cannot be parsed', { reason: messageOf(error) })
      return true
    }
  }
}
