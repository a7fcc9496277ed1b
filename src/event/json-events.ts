import { ByteSink } from './byte-sink.js'
import { mustBeMap, readEntryTime } from './entry-reader.js'
import { skipValue } from './entry-skipper.js'
import type { EncodedEvents, Event, EventRecord } from './event.js'
import type { EventTime } from './event-time.js'
import { JsonTranscoder } from './json-transcoder.js'
import { MsgpackReader } from './msgpack-reader.js'

const noTime: EventTime = { seconds: 0, nanoseconds: 0 }

/**
 * Goes through events one by one, for formats that put JSON records among other text: `writeRecord` and `writeFields` transcode
 * the record of the event it stands at, with no object built between, by the rules of `writeJson`.
 *
 *     while (events.next()) {
 *       events.writeText('{"index":{}}\n')
 *       events.writeRecord()
 *     }
 *     return events.take()
 *
 * It is an event itself, whose record is decoded when somebody asks for it, and which ends with `next`.
 */
export class JsonEvents implements Event {
  readonly #sink = new ByteSink(4096)
  readonly #chunks: Iterator<EncodedEvents>
  #chunk: EncodedEvents = { tag: '', entries: new Uint8Array(), count: 0 }
  #reader = new MsgpackReader(this.#chunk.entries)
  #transcoder = new JsonTranscoder(this.#reader, this.#sink)
  #time = noTime
  #index = -1
  #entryStart = 0
  #start = 0
  #record: EventRecord | undefined
  /** Whether any event of this chunk can have a field of this name. */
  #mayHave = new Map<string, boolean>()

  constructor(chunks: Iterable<EncodedEvents>) {
    this.#chunks = chunks[Symbol.iterator]()
  }

  /** Goes to the next event; false behind the last. */
  next(): boolean {
    if (this.#index >= 0 && this.#reader.at === this.#start)
      this.#reader.at = skipValue(this.#reader.bytes, this.#start)
    while (this.#reader.at >= this.#chunk.entries.length) if (!this.#nextChunk()) return false
    this.#entryStart = this.#reader.at
    this.#time = readEntryTime(this.#reader)
    mustBeMap(this.#reader)
    this.#start = this.#reader.at
    this.#record = undefined
    this.#index++
    return true
  }

  /** Its place among all events, from 0. */
  get index(): number {
    return this.#index
  }

  get tag(): string {
    return this.#chunk.tag
  }

  get time(): EventTime {
    return this.#time
  }

  get record(): EventRecord {
    this.#record ??= new MsgpackReader(this.#chunk.entries, this.#start).readValue() as EventRecord
    return this.#record
  }

  /** All of it as it is encoded, lent. */
  get entry(): Uint8Array {
    return this.#chunk.entries.subarray(this.#entryStart, skipValue(this.#chunk.entries, this.#start))
  }

  /** Whether the record has this field: where no event of its chunk has such bytes, nothing is decoded. */
  has(field: string): boolean {
    let may = this.#mayHave.get(field)
    if (may === undefined) this.#mayHave.set(field, (may = this.#reader.bytes.includes(field)))
    return may && Object.hasOwn(this.record, field)
  }

  writeText(text: string): void {
    const size = Buffer.byteLength(text)
    this.#sink.reserve(size)
    this.#sink.at += this.#sink.bytes.write(text, this.#sink.at)
  }

  /** The record as an object; once an event. */
  writeRecord(): void {
    this.#transcoder.writeValue()
  }

  /** The record's fields and the end of an object that is open and has a field already; once an event, and instead. */
  writeFields(): void {
    this.#transcoder.writeFieldsAfterFirst()
  }

  /** All that was written. */
  take(): Uint8Array {
    return this.#sink.take()
  }

  #nextChunk(): boolean {
    const { done, value } = this.#chunks.next()
    if (done) return false
    this.#chunk = value
    this.#reader = new MsgpackReader(value.entries)
    this.#transcoder = new JsonTranscoder(this.#reader, this.#sink)
    this.#mayHave = new Map()
    return true
  }
}
