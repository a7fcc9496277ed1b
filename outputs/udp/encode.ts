import type { Datagrams, Outgoing } from 'sluice/net'
import {
  type Batch,
  type DatedFormat,
  type EncodedEvents,
  eventPayloads,
  fieldPayload,
  type OutputContext,
  readEvents,
} from 'sluice/plugin'

export interface EncodeOptions extends DatedFormat {
  readonly raw_message_key: string | undefined
  /** Bytes. */
  readonly max_datagram_bytes: number
}

/** What turns a batch into datagrams, one an event. */
export function encoderOf(options: EncodeOptions, context: OutputContext): (batch: Batch) => Outgoing<Datagrams> {
  const payloads = payloadsOf(options, context)
  const { max_datagram_bytes: limit } = options
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const datagrams: (Uint8Array | undefined)[] = []
    for (const chunk of chunks) {
      for (const payload of payloads(chunk)) {
        const refusal = refusalOf(payload, limit)
        if (refusal !== undefined) refused.set(datagrams.length, refusal)
        datagrams.push(typeof payload === 'string' || refusal !== undefined ? undefined : payload)
      }
    }
    return { payload: datagrams, refused }
  }
}

function refusalOf(payload: Uint8Array | string, limit: number): string | undefined {
  if (typeof payload === 'string') return payload
  if (payload.length <= limit) return undefined
  return `it needs a datagram of ${payload.length} bytes, more than ${limit} (max_datagram_bytes)`
}

function payloadsOf(
  options: EncodeOptions,
  context: OutputContext,
): (chunk: EncodedEvents) => Iterable<Uint8Array | string> {
  const { raw_message_key: key } = options
  if (key === undefined) return eventPayloads(options, context)
  const payloadOf = fieldPayload('raw_message_key', key)
  return function* (chunk) {
    for (const event of readEvents(chunk)) yield payloadOf(event) ?? 'it has no such field (raw_message_key)'
  }
}
