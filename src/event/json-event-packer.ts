import type { ByteSink } from './byte-sink.js'
import { EntryWriter } from './entry-writer.js'
import type { EventRecord } from './event.js'
import type { EventTime } from './event-time.js'
import { JsonPacker } from './json-packer.js'
import { readJson } from './json-reader.js'
import { isSeconds, noRecord, timeOf } from './json-records.js'
import type { JsonSource } from './json-source.js'
import type { LeadingFields } from './leading-fields.js'
import { readNumber } from './pack-number.js'

const newline = 0x0a
const comma = 0x2c
const openMap = 0x7b
const openArray = 0x5b
const closeArray = 0x5d

/** Bytes of an entry before its record. */
const entryHeader = 11

/** Writes JSON texts as entries: finds the records in them and the times of those that have one, as `jsonRecords` does. */
export class JsonEventPacker {
  readonly #source: JsonSource
  readonly #writer: EntryWriter
  readonly #sink: ByteSink
  readonly #packer: JsonPacker

  /** The time of events that state none. */
  time: EventTime = { seconds: 0, nanoseconds: 0 }
  /** What stands first in every record. */
  lead: LeadingFields | undefined
  /** Events that were written whole. */
  count = 0

  constructor(source: JsonSource, writer: EntryWriter) {
    this.#source = source
    this.#writer = writer
    this.#sink = EntryWriter.sinkOf(writer)
    this.#packer = new JsonPacker(source, this.#sink)
  }

  /** Writes the events of the JSON text at the source's place, which ends there or with the line. */
  text(): void {
    const source = this.#source
    this.#value()
    const end = source.next()
    if (end !== -1 && end !== newline) throw source.unexpected('the end')
  }

  /** Writes the events of all JSON texts from the source's place to its end: of one at least. */
  texts(): void {
    do this.#value()
    while (this.#source.next() !== -1)
  }

  #value(): void {
    if (this.#source.next() === openArray) this.#list()
    else this.#element(0)
  }

  /**
   * The list at the source's place, or the pair. `[[5,{}],{}]` may be a list of two or a record whose time has metadata, and
   * is the latter: the metadata was written as a record by then, whose place the second one takes.
   */
  #list(): void {
    const source = this.#source
    const start = source.at++
    if (source.takes(closeArray)) return
    if (isNumber(source.next())) return this.#pair(start, 1)
    const first = this.#sink.at
    let isPair = this.#element(1)
    const second = this.#sink.at
    let count = 1
    while (source.continues(closeArray)) {
      isPair &&= source.next() === openMap
      this.#element(1)
      count++
    }
    if (isPair && count === 2) this.#replaceRecord(first, second)
  }

  /** A record or a pair in `depth` lists; true of a pair whose time is a number alone. */
  #element(depth: number): boolean {
    const source = this.#source
    const byte = source.next()
    if (byte === openMap) this.#event(this.time, depth + 1)
    else if (byte !== openArray) throw this.#refused(source.at, depth)
    else {
      const start = source.at++
      const isPlain = isNumber(source.next())
      this.#pair(start, depth + 1)
      return isPlain
    }
    return false
  }

  /** The pair that begins at `start` and is read up to its time; it is the `depth`th list around. */
  #pair(start: number, depth: number): void {
    const source = this.#source
    const seconds = this.#seconds(depth)
    const isPair = isSeconds(seconds) && source.takes(comma) && source.next() === openMap
    if (!isPair) throw this.#refused(start, depth - 1)
    this.#event(timeOf(seconds), depth + 1)
    if (!source.takes(closeArray)) throw this.#refused(start, depth - 1)
  }

  /** The time of a pair, with metadata or not; NaN where none is. */
  #seconds(depth: number): number {
    const source = this.#source
    if (source.takes(openArray)) return this.#secondsBeforeMetadata(depth + 1)
    return isNumber(source.next()) ? readNumber(source, this.#sink) : Number.NaN
  }

  #secondsBeforeMetadata(depth: number): number {
    const source = this.#source
    const { at } = this.#sink
    const seconds = isNumber(source.next()) ? readNumber(source, this.#sink) : Number.NaN
    if (!source.takes(comma) || source.next() !== openMap) return Number.NaN
    this.#packer.map(depth + 1)
    this.#sink.at = at
    return source.takes(closeArray) ? seconds : Number.NaN
  }

  #event(time: EventTime, depth: number): void {
    this.#writer.writeEntryHeader(time.seconds, time.nanoseconds)
    const start = this.#source.at
    const written = this.#sink.at
    this.#packer.disorder = false
    this.#packer.record(depth, this.lead)
    if (this.#packer.disorder) this.#writeAsObject(start, written)
    this.count++
  }

  /** Only an object can tell which of its keys come first and which come again. */
  #writeAsObject(start: number, written: number): void {
    this.#sink.at = written
    const record = readJson(this.#source.bytes.subarray(start, this.#source.at)) as EventRecord
    const first = this.lead?.record
    this.#writer.writeValue(first === undefined ? record : { ...first, ...record, ...first })
  }

  #replaceRecord(first: number, second: number): void {
    const sink = this.#sink
    sink.bytes.copyWithin(first + entryHeader, second + entryHeader, sink.at)
    sink.at -= second - first
    this.count--
  }

  /** Why the value at `start` is no record: reads it to its end, for it may not even be JSON. */
  #refused(start: number, depth: number): Error {
    const source = this.#source
    source.at = start
    this.#packer.value(depth)
    source.at = start
    return noRecord(kindOf(source.bytes[start]))
  }
}

function isNumber(first: number): boolean {
  return first === 0x2d || (first >= 0x30 && first <= 0x39)
}

/** What begins with this byte. */
function kindOf(first: number | undefined): string {
  if (first === openArray) return 'a list'
  if (first === 0x22) return 'a string'
  if (first === 0x6e) return 'null'
  return first === 0x74 || first === 0x66 ? 'a boolean' : 'a number'
}
