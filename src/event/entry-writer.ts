import { ByteSink } from './byte-sink.js'
import { deepest, tooDeep } from './depth.js'
import type { EventRecord, Value } from './event.js'
import { endMap, writeArrayHeader, writeMapHeader } from './write-header.js'
import { writeBigInt, writeNumber } from './write-number.js'
import { writeString, writeStringHeader } from './write-string.js'

/**
 * Encodes events as msgpack entries `[EventTime, record]`, one behind the other, into one growing buffer.
 *
 *     92            d7 00               ss ss ss ss  nn nn nn nn   8x …
 *     array of 2    fixext 8, type 0    u32 seconds, u32 ns        record
 *
 * (Fluentd Forward Protocol Specification v1, "EventTime Ext Format"; msgpack specification, "Formats".) Every value takes
 * the fewest bytes; a whole number is an integer, whatever JavaScript calls it. Integers beyond 64 bits are written as text
 * in decimal, undefined fields are left out, and what JavaScript has beyond Value (functions, symbols) is null.
 */
export class EntryWriter {
  readonly #sink: ByteSink

  /** Where an entry writer writes, for others of this room that write into it. */
  static sinkOf(writer: EntryWriter): ByteSink {
    return writer.#sink
  }

  constructor(initialBytes = 1024) {
    this.#sink = new ByteSink(initialBytes)
  }

  /** Bytes written. */
  get size(): number {
    return this.#sink.at
  }

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#sink.bytes.length
  }

  /** Writes one event whole, or throws and is as it was before. */
  writeEvent(seconds: number, nanoseconds: number, record: EventRecord): void {
    const start = this.#sink.at
    try {
      this.writeEntryHeader(seconds, nanoseconds)
      writeMap(this.#sink, record, 1)
    } catch (error) {
      this.#sink.at = start
      throw error
    }
  }

  /** Adds entries that are encoded already. */
  append(entries: Uint8Array): void {
    this.#sink.raw(entries, 0, entries.length)
  }

  /** All that was written, which the writer forgets: the buffer itself where that wastes little, else a copy. */
  take(): Uint8Array {
    return this.#sink.take()
  }

  /** What was written so far, lent until the next call. */
  peek(): Uint8Array {
    return this.#sink.bytes.subarray(0, this.#sink.at)
  }

  /** Forgets what was written and keeps the memory for what comes, unless it is much. */
  clear(): void {
    this.#sink.clear()
  }

  /** Forgets what was written since the writer had this size. */
  rewind(size: number): void {
    this.#sink.at = Math.min(size, this.#sink.at)
  }

  /**
   * What stands before a record: the array of two and the time. A map must follow. An EventTime has 32 bits of seconds: a
   * moment before 1970 or after 2106 becomes the nearest that it can say.
   */
  writeEntryHeader(seconds: number, nanoseconds: number): void {
    const sink = this.#sink
    sink.reserve(11)
    const { bytes, view, at } = sink
    bytes[at] = 0x92
    bytes[at + 1] = 0xd7
    bytes[at + 2] = 0x00
    view.setUint32(at + 3, Math.max(0, Math.min(seconds, 0xffff_ffff)))
    view.setUint32(at + 7, nanoseconds)
    sink.at = at + 11
  }

  writeMapHeader(count: number): void {
    writeMapHeader(this.#sink, count)
  }

  writeArrayHeader(count: number): void {
    writeArrayHeader(this.#sink, count)
  }

  writeValue(value: Value | undefined): void {
    writeValue(this.#sink, value, 0)
  }

  writeNumber(value: number): void {
    writeNumber(this.#sink, value)
  }

  /** Lone surrogates become U+FFFD. */
  writeString(text: string): void {
    writeString(this.#sink, text)
  }

  /** Writes bytes that are valid UTF-8 as a text. */
  writeBytesAsString(bytes: Uint8Array, start = 0, end = bytes.length): void {
    writeStringHeader(this.#sink, end - start)
    this.#sink.raw(bytes, start, end)
  }
}

function writeValue(sink: ByteSink, value: unknown, depth: number): void {
  if (typeof value === 'string') writeString(sink, value)
  else if (typeof value === 'number') writeNumber(sink, value)
  else if (typeof value === 'boolean') sink.byte(value ? 0xc3 : 0xc2)
  else if (typeof value === 'bigint') writeBigInt(sink, value)
  else if (typeof value !== 'object' || value === null) sink.byte(0xc0)
  else writeComposite(sink, value, depth + 1)
}

function writeComposite(sink: ByteSink, value: object, depth: number): void {
  if (value instanceof Uint8Array) writeBytes(sink, value)
  else if (Array.isArray(value)) writeArray(sink, value, depth)
  else writeMap(sink, value as EventRecord, depth)
}

function writeBytes(sink: ByteSink, bytes: Uint8Array): void {
  const { length } = bytes
  if (length < 0x100) sink.markedU8(0xc4, length)
  else if (length < 0x10000) sink.markedU16(0xc5, length)
  else sink.markedU32(0xc6, length)
  sink.raw(bytes, 0, length)
}

function writeArray(sink: ByteSink, values: readonly unknown[], depth: number): void {
  if (depth > deepest) throw tooDeep()
  const { length } = values
  writeArrayHeader(sink, length)
  for (let index = 0; index < length; index++) writeValue(sink, values[index], depth)
}

/** How many fields there are is known after the last one. */
function writeMap(sink: ByteSink, record: EventRecord, depth: number): void {
  if (depth > deepest) throw tooDeep()
  const header = sink.at
  sink.byte(0x80)
  let count = 0
  for (const key in record) {
    const value: Value | undefined = record[key]
    if (value === undefined || !Object.hasOwn(record, key)) continue
    writeString(sink, key)
    writeValue(sink, value, depth)
    count++
  }
  endMap(sink, header, count)
}
