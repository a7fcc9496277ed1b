import { ByteSink } from './byte-sink.js'
import { mustBeMap, readEntryTime } from './entry-reader.js'
import { EntryWriter } from './entry-writer.js'
import type { EncodedEvents, Value } from './event.js'
import type { EventTime } from './event-time.js'
import { type JsonDateFormat, JsonDate } from './json-date.js'
import { JsonTranscoder } from './json-transcoder.js'
import { MsgpackReader } from './msgpack-reader.js'

export interface JsonOptions {
  /** Name of the field before all others that holds the time; false for none. */
  readonly dateKey: string | false
  readonly dateFormat: JsonDateFormat
  /** One array of objects, an object a line, or objects one behind the other. */
  readonly shape: 'array' | 'lines' | 'stream'
}

const comma = 0x2c
const newline = 0x0a

/**
 * Entries as JSON text, with no object built between. Not-a-number and the infinities are null, bytes are text in base64,
 * integers keep all their digits, text that is no valid UTF-8 has U+FFFD in it.
 */
export function writeJson(chunks: Iterable<EncodedEvents>, options: JsonOptions): Uint8Array {
  const sink = new ByteSink(4096)
  const { shape } = options
  const writeEvent = eventWriter(sink, options)
  if (shape === 'array') sink.byte(0x5b)
  for (const { entries } of chunks) {
    const reader = new MsgpackReader(entries)
    const records = new JsonTranscoder(reader, sink)
    while (reader.at < entries.length) {
      if (shape === 'array' && sink.at > 1) sink.byte(comma)
      writeEvent(reader, records)
      if (shape === 'lines') sink.byte(newline)
    }
  }
  if (shape === 'array') sink.byte(0x5d)
  return sink.take()
}

/** Any value as JSON text, by the same rules. */
export function toJson(value: Value): string {
  const writer = new EntryWriter()
  writer.writeValue(value)
  const sink = new ByteSink(1024)
  new JsonTranscoder(new MsgpackReader(writer.peek()), sink).writeValue()
  return sink.bytes.toString('utf8', 0, sink.at)
}

type EventJson = (reader: MsgpackReader, records: JsonTranscoder) => void

function eventWriter(sink: ByteSink, { dateKey, dateFormat }: JsonOptions): EventJson {
  if (dateKey === false) {
    return (reader, records) => {
      readEntryTime(reader)
      mustBeMap(reader)
      records.writeValue()
    }
  }
  const opening = Buffer.from(`{${toJson(dateKey)}:`)
  const date = new JsonDate(dateFormat)
  return (reader, records) => {
    const time: EventTime = readEntryTime(reader)
    mustBeMap(reader)
    sink.raw(opening, 0, opening.length)
    date.write(sink, time)
    records.writeFieldsAfterFirst()
  }
}
