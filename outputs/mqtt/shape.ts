import { AgentError } from 'sluice/plugin'

/** How the events of a message with several stand one behind the other. */
export interface Shape {
  readonly open: string
  readonly between: string
  readonly close: string
  readonly join: (payloads: readonly Uint8Array[]) => Uint8Array
}

const shapes: { readonly [format: string]: readonly [open: string, between: string, close: string] } = {
  json: ['[', ',', ']'],
  ndjson: ['', '\n', '\n'],
  json_lines: ['', '\n', '\n'],
  json_stream: ['', '', ''],
  msgpack: ['', '', ''],
}

/** Throws an AgentError `MQTT_BATCH` for a format that has no way to hold several events. */
export function shapeOf(format: string): Shape {
  const shape = shapes[format]
  if (!shape) {
    const known = Object.keys(shapes).join(', ')
    throw new AgentError('MQTT_BATCH', `batch: expected one of the formats ${known}, got "${format}"; write batch: off`)
  }
  const [open, between, close] = shape
  return { open, between, close, join: (payloads) => joined(payloads, open, between, close) }
}

function joined(payloads: readonly Uint8Array[], open: string, between: string, close: string): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(open)]
  const separator = Buffer.from(between)
  for (const [index, payload] of payloads.entries()) {
    if (index > 0) parts.push(separator)
    parts.push(payload)
  }
  parts.push(Buffer.from(close))
  return Buffer.concat(parts)
}
