import type { Outgoing } from 'sluice/net'
import {
  type Batch,
  type DatedFormat,
  datedFormatter,
  type FieldPayload,
  fieldPayload,
  type OutputContext,
  readEvents,
} from 'sluice/plugin'

export type EncodeOptions = DatedFormat & { readonly raw_message_key: string | undefined }
export type Encode = (batch: Batch) => Outgoing<Uint8Array>

/** What turns a batch into the bytes of a stream. */
export function encoderOf(options: EncodeOptions, context: OutputContext): Encode {
  const { raw_message_key: key } = options
  if (key !== undefined) return fieldLines(fieldPayload('raw_message_key', key))
  const formatter = datedFormatter(options, context)
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const payload = formatter.format(chunks, (index, reason) => void refused.set(index, reason))
    return { payload, refused }
  }
}

const newline = Buffer.from('\n')

/** One field a line, its bytes as they are. */
function fieldLines(payloadOf: FieldPayload): Encode {
  return ({ chunks }) => {
    const refused = new Map<number, string>()
    const pieces: Uint8Array[] = []
    let index = 0
    for (const chunk of chunks) {
      for (const event of readEvents(chunk)) {
        const payload = payloadOf(event)
        if (payload) pieces.push(payload, newline)
        else refused.set(index, 'it has no such field (raw_message_key)')
        index++
      }
    }
    return { payload: Buffer.concat(pieces), refused }
  }
}
