import { EntryWriter } from '../../src/event/entry-writer.js'
import type { EncodedEvents, EventRecord, Value } from '../../src/event/event.js'

/** One event's entry. */
export function entryOf(record: EventRecord, seconds = 0, nanoseconds = 0): Uint8Array {
  const writer = new EntryWriter()
  writer.writeEvent(seconds, nanoseconds, record)
  return writer.take()
}

export function valueBytes(value: Value): Uint8Array {
  const writer = new EntryWriter()
  writer.writeValue(value)
  return writer.take()
}

/** Encoded events of these bytes, in which `count` plays no part. */
export function encoded(entries: Uint8Array | readonly number[], tag = 'test'): EncodedEvents {
  return { tag, entries: Uint8Array.from(entries), count: 1 }
}
