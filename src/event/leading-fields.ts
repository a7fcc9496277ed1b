import { EntryWriter } from './entry-writer.js'
import type { EventRecord } from './event.js'
import { hashFrom } from './key-set.js'

/** Fields that stand first in every record of a text, encoded once for all. */
export class LeadingFields {
  readonly record: EventRecord
  readonly count: number
  /** Keys and values as msgpack, without the header of a map. */
  readonly packed: Uint8Array
  /** Of the keys, as JSON's own are hashed. */
  readonly hashes: readonly number[]

  constructor(record: EventRecord) {
    const writer = new EntryWriter(64)
    const sink = EntryWriter.sinkOf(writer)
    const hashes: number[] = []
    for (const [key, value] of Object.entries(record)) {
      const start = sink.at
      writer.writeString(key)
      hashes.push(hashFrom(sink, start))
      writer.writeValue(value)
    }
    this.record = record
    this.count = hashes.length
    this.hashes = hashes
    this.packed = writer.take()
  }
}
