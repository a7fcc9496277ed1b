import {
  AgentError,
  compileAccessor,
  dateKeyOf,
  type EncodedEvents,
  type Event,
  type Formatter,
  type OutputContext,
  skipValue,
  toJson,
  valueText,
  writeJson,
} from 'sluice/plugin'
import type { MqttOptions } from './options.js'

/** The payloads of a chunk's events, in order; a text says why an event can have none. */
export type Payloads = (chunk: EncodedEvents) => Generator<Uint8Array | string, void>
/** The payload that one field holds; undefined without such a field. */
export type FieldPayload = (event: Event) => Uint8Array | undefined

const jsonNames = ['json', 'json_lines', 'json_stream', 'ndjson']
const newline = 0x0a

export function payloadsOf(options: MqttOptions, context: OutputContext): Payloads {
  const { format, json_date_key, json_date_format } = options
  if (!jsonNames.includes(format)) return eachBy(context.formatter(format))
  const shape = { dateKey: dateKeyOf(json_date_key) ?? false, dateFormat: json_date_format, shape: 'lines' } as const
  return (chunk) => linesOf(writeJson([chunk], shape))
}

/** What the payloads are; undefined for the values of one field, which may be anything. */
export function contentTypeOf({ format, batch, message_key }: MqttOptions, context: OutputContext): string | undefined {
  if (message_key !== undefined) return undefined
  if (!jsonNames.includes(format)) return context.formatter(format).contentType
  return batch && format !== 'json' ? 'application/x-ndjson' : 'application/json'
}

export function fieldPayloadOf(key: string): FieldPayload {
  const read = compileAccessor(key)
  if (!read) throw new AgentError('MQTT_MESSAGE_KEY', `message_key: expected the name of a field, got "${key}"`)
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
  const endsLine = isText(formatter.contentType)
  return function* ({ tag, entries }) {
    for (let start = 0; start < entries.length;) {
      const end = skipValue(entries, start)
      let refusal: string | undefined
      const event = { tag, entries: entries.subarray(start, end), count: 1 }
      const bytes = formatter.format([event], (_index, reason) => void (refusal = reason))
      yield refusal ?? (endsLine && bytes.at(-1) === newline ? bytes.subarray(0, -1) : bytes)
      start = end
    }
  }
}

/** Whether payloads of this type are text, in UTF-8 as all that codecs write. */
export function isText(contentType: string): boolean {
  return /^text\/|json/.test(contentType)
}
