import { type CanFrame, frameRecord, type MessageDecoder, type Timing } from '../../can/index.js'
import { ByteSink } from '../../event/byte-sink.js'
import { EntryWriter } from '../../event/entry-writer.js'
import { JsonTranscoder } from '../../event/json-transcoder.js'
import { MsgpackReader } from '../../event/msgpack-reader.js'
import type { DecodersOf } from './bus-decoders.js'
import { TimeText } from './time-text.js'

export interface LineSettings {
  readonly decodersOf: DecodersOf
  /** Frames that no file knows become lines too. */
  readonly unknown: boolean
  readonly limit: number
}

const newline = 0x0a

/**
 * Frames as JSON lines, which are gathered as msgpack and become text all at once:
 *
 *     {"time":"2015-07-10T06:17:32.249713000Z","bus":"can0","id":291,"message":"Engine","signals":{"Speed":12.5}}
 */
export class DecodedLines {
  readonly #settings: LineSettings
  readonly #writer = new EntryWriter(64 * 1024)
  readonly #sink = new ByteSink(256 * 1024)
  readonly #times = new TimeText()
  frames = 0
  decoded = 0
  lines = 0

  constructor(settings: LineSettings) {
    this.#settings = settings
  }

  get isFull(): boolean {
    return this.lines >= this.#settings.limit
  }

  add(frame: CanFrame, bus: string, timing: Timing): void {
    if (this.isFull) return
    this.frames++
    const decoder = this.#settings.decodersOf(bus).find(frame)
    if (decoder) this.#addDecoded(decoder, frame, bus, timing)
    else if (this.#settings.unknown) this.#addUnknown(frame, bus, timing)
  }

  /** All lines since the last call. */
  take(): Uint8Array {
    const bytes = this.#writer.peek()
    const reader = new MsgpackReader(bytes)
    const json = new JsonTranscoder(reader, this.#sink)
    while (reader.at < bytes.length) {
      json.writeValue()
      this.#sink.byte(newline)
    }
    this.#writer.clear()
    return this.#sink.take()
  }

  #addDecoded(decoder: MessageDecoder, frame: CanFrame, bus: string, timing: Timing): void {
    const writer = this.#writer
    decoder.decode(frame)
    this.decoded++
    this.#begin(4, frame, timing)
    writer.writeString('bus')
    writer.writeString(bus)
    writer.writeString('id')
    writer.writeNumber(frame.id)
    writer.writeString('message')
    writer.writeString(decoder.message.name)
    writer.writeString('signals')
    writer.writeMapHeader(decoder.fieldCount)
    decoder.write(writer)
  }

  #addUnknown(frame: CanFrame, bus: string, timing: Timing): void {
    const fields = Object.entries(frameRecord(frame, bus))
    this.#begin(fields.length, frame, timing)
    for (const [key, value] of fields) {
      this.#writer.writeString(key)
      this.#writer.writeValue(value)
    }
  }

  /** A line of so many fields, and the time. */
  #begin(fields: number, frame: CanFrame, timing: Timing): void {
    this.lines++
    const isTimed = timing !== 'none'
    this.#writer.writeMapHeader(fields + (isTimed ? 1 : 0))
    if (!isTimed) return
    this.#writer.writeString('time')
    this.#writer.writeString(this.#times.of(frame, timing))
  }
}
