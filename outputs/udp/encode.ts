import { randomBytes } from 'node:crypto'
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
import { gelfChunks, mostGelfChunks } from './gelf-chunks.js'

export interface EncodeOptions extends DatedFormat {
  readonly raw_message_key: string | undefined
  /** Bytes. */
  readonly max_datagram_bytes: number
  readonly gelf_chunks: boolean
}

/** What turns a batch into datagrams, one an event unless it is cut. */
export function encoderOf(options: EncodeOptions, context: OutputContext): (batch: Batch) => Outgoing<Datagrams> {
  const payloads = payloadsOf(options, context)
  const piece = options.gelf_chunks ? cut : uncut
  const { max_datagram_bytes: limit } = options
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const datagrams: Piece[] = []
    for (const chunk of chunks) {
      for (const payload of payloads(chunk)) {
        const event = typeof payload === 'string' ? payload : piece(payload, limit)
        if (typeof event === 'string') refused.set(datagrams.length, event)
        datagrams.push(typeof event === 'string' ? undefined : event)
      }
    }
    return { payload: datagrams, refused }
  }
}

type Piece = Datagrams[number]

function uncut(payload: Uint8Array, limit: number): Piece | string {
  if (payload.length <= limit) return payload
  return `it needs a datagram of ${payload.length} bytes, more than ${limit} (max_datagram_bytes)`
}

function cut(payload: Uint8Array, limit: number): Piece | string {
  if (payload.length <= limit) return payload
  const chunks = gelfChunks(payload, limit, randomBytes(8))
  return (
    chunks ?? `its ${payload.length} bytes need more than ${mostGelfChunks} chunks of ${limit} (max_datagram_bytes)`
  )
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
