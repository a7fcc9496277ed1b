import type { Outgoing } from 'sluice/net'
import {
  type Batch,
  type DatedFormat,
  datedFormatter,
  type EncodedEvents,
  eventPayloads,
  fieldPayload,
  type OutputContext,
  readEvents,
} from 'sluice/plugin'

export interface EncodeOptions extends DatedFormat {
  readonly raw_message_key: string | undefined
  /** What stands behind each event; undefined for what the format has there. */
  readonly separator: string | undefined
}
export type Encode = (batch: Batch) => Outgoing<Uint8Array>

/** What turns a batch into the bytes of a stream. */
export function encoderOf(options: EncodeOptions, context: OutputContext): Encode {
  const { raw_message_key: key, separator } = options
  if (key !== undefined) return separated(fieldPayloads(key), separator ?? '\n')
  if (separator !== undefined) return separated(eventPayloads(options, context), separator)
  const formatter = datedFormatter(options, context)
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const payload = formatter.format(chunks, (index, reason) => void refused.set(index, reason))
    return { payload, refused }
  }
}

type Payloads = (chunk: EncodedEvents) => Iterable<Uint8Array | string>

/** One field of each event, its bytes as they are. */
function fieldPayloads(key: string): Payloads {
  const payloadOf = fieldPayload('raw_message_key', key)
  return function* (chunk) {
    for (const event of readEvents(chunk)) yield payloadOf(event) ?? 'it has no such field (raw_message_key)'
  }
}

/** Each event by itself, with the separator behind it. */
function separated(payloads: Payloads, separator: string): Encode {
  const end = Buffer.from(separator)
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const pieces: Uint8Array[] = []
    let index = 0
    for (const chunk of chunks) {
      for (const payload of payloads(chunk)) {
        if (typeof payload === 'string') refused.set(index, payload)
        else pieces.push(payload, end)
        index++
      }
    }
    return { payload: Buffer.concat(pieces), refused }
  }
}
