import { corrupt, hex } from './corrupt.js'
import type { EncodedEvents, Event, EventRecord } from './event.js'
import type { EventTime } from './event-time.js'
import { MsgpackReader } from './msgpack-reader.js'

const longestNanoseconds = 999_999_999

/**
 * The events of encoded entries, one after the other. Besides `[EventTime, record]` an entry may have an integer or a float
 * of seconds for its time, and `[time, metadata]` in its place as Fluent Bit sends it (the metadata is left out). Throws an
 * AgentError `EVENT_CORRUPT` where the bytes are something else.
 */
export function* readEvents(encoded: EncodedEvents): Generator<Event, void> {
  const { tag, entries } = encoded
  const reader = new MsgpackReader(entries)
  while (reader.at < entries.length) {
    const time = readEntryTime(reader)
    yield { tag, time, record: readRecord(reader) }
  }
}

/** The time of the entry that begins at the reader's place; its record comes next. */
export function readEntryTime(reader: MsgpackReader): EventTime {
  readPair(reader)
  if (reader.peek() !== 0x92) return readTime(reader)
  readPair(reader)
  const time = readTime(reader)
  readRecord(reader)
  return time
}

function readPair(reader: MsgpackReader): void {
  const { at } = reader
  const first = reader.peek()
  const count = reader.readArrayHeader()
  if (count !== 2) throw corrupt(at, 'an array of two', count === undefined ? hex(first) : `an array of ${count}`)
}

/** The time that begins at the reader's place; `EVENT_CORRUPT` where none does. */
export function readTime(reader: MsgpackReader): EventTime {
  const first = reader.peek()
  if (first === 0xd7 || first === 0xc7) return readEventTime(reader)
  const { at } = reader
  return toTime(reader.readValue(), at)
}

/** Type 0 and two u32; the long form has a length of 8 before the type (Forward Protocol v1, "EventTime Ext Format"). */
function readEventTime(reader: MsgpackReader): EventTime {
  const { at } = reader
  if (reader.readByte() === 0xc7 && reader.readByte() !== 8) throw corrupt(at, 'a time', 'another extension')
  if (reader.readByte() !== 0) throw corrupt(at, 'a time', 'another extension')
  const seconds = reader.readUint(4)
  return { seconds, nanoseconds: Math.min(reader.readUint(4), longestNanoseconds) }
}

function toTime(value: unknown, at: number): EventTime {
  if (typeof value !== 'number' || !(value >= 0 && value < 2 ** 32)) throw corrupt(at, 'a time', 'something else')
  const seconds = Math.floor(value)
  return { seconds, nanoseconds: Math.min(Math.round((value - seconds) * 1e9), longestNanoseconds) }
}

function readRecord(reader: MsgpackReader): EventRecord {
  mustBeMap(reader)
  return reader.readValue() as EventRecord
}

/** A record begins at the reader's place, or `EVENT_CORRUPT` is thrown. */
export function mustBeMap(reader: MsgpackReader): void {
  const first = reader.peek()
  const isMap = first !== undefined && ((first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf)
  if (!isMap) throw corrupt(reader.at, 'a map', hex(first))
}
