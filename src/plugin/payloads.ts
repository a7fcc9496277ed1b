import { valueText } from '../event/accessor.js'
import { dateKeyOf } from '../event/date-text.js'
import { skipValue } from '../event/entry-skipper.js'
import type { EncodedEvents, Event } from '../event/event.js'
import { toJson, writeJson } from '../event/json-writer.js'
import type { Formatter, OutputContext } from './context.js'
import { type DatedFormat, datedFormatter } from './dated-formatter.js'
import { fieldAccessor } from './field-accessor.js'

/** The bytes of each event of a chunk by itself, in order; a text says why an event has none. */
export type Payloads = (chunk: EncodedEvents) => Generator<Uint8Array | string, void>
/** The bytes that one field holds; undefined without such a field. */
export type FieldPayload = (event: Pick<Event, 'tag' | 'record'>) => Uint8Array | undefined

const jsonNames = ['json', 'json_lines', 'json_stream', 'ndjson']
const newline = 0x0a

/** For outputs that send each event by itself, such as in a datagram: by the options `format` and `dated`, with no newline behind. */
export function eventPayloads(options: DatedFormat, context: OutputContext): Payloads {
  const { format, json_date_key, json_date_format } = options
  if (!jsonNames.includes(format)) return eachBy(datedFormatter(options, context))
  const shape = { dateKey: dateKeyOf(json_date_key) ?? false, dateFormat: json_date_format, shape: 'lines' } as const
  return (chunk) => linesOf(writeJson([chunk], shape))
}

/** For outputs that can send one field instead of the record. Throws an AgentError `PLUGIN_FIELD` where `key` names none. */
export function fieldPayload(option: string, key: string): FieldPayload {
  const read = fieldAccessor(option, key)
  return (event) => {
    const value = read(event)
    if (value === undefined || value instanceof Uint8Array) return value
    return Buffer.from(valueText(value) ?? toJson(value))
  }
}

/** JSON text has no newline within it, so the text of a whole chunk is cut where it lies. */
function* linesOf(text: Uint8Array): Generator<Uint8Array, void> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(newline, start)
    yield text.subarray(start, end)
    start = end + 1
  }
}

function eachBy(formatter: Formatter): Payloads {
  const endsLine = isTextType(formatter.contentType)
  return function* ({ tag, entries }) {
    for (let start = 0; start < entries.length;) {
      const end = skipValue(entries, start)
      let refusal: string | undefined
      const chunk = { tag, entries: entries.subarray(start, end), count: 1 }
      const bytes = formatter.format([chunk], (_index, reason) => (refusal = reason))
      yield refusal ?? (endsLine && bytes.at(-1) === newline ? bytes.subarray(0, -1) : bytes)
      start = end
    }
  }
}

/** Whether payloads of this type are text, in UTF-8 as all that codecs write; of any other a newline is a byte like others. */
export function isTextType(contentType: string): boolean {
  return /^text\/|json/.test(contentType)
}
