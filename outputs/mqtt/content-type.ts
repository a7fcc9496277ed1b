import type { OutputContext } from 'sluice/plugin'
import type { MqttOptions } from './options.js'

const jsonNames = ['json', 'json_lines', 'json_stream', 'ndjson']

/** What the payloads are; undefined for the values of one field, which may be anything. */
export function contentTypeOf({ format, batch, message_key }: MqttOptions, context: OutputContext): string | undefined {
  if (message_key !== undefined) return undefined
  if (!jsonNames.includes(format)) return context.formatter(format).contentType
  return batch && format !== 'json' ? 'application/x-ndjson' : 'application/json'
}
