import type { Datagrams, Outgoing } from 'sluice/net'
import { type Batch, type Event, readEvents } from 'sluice/plugin'
import type { Fields, Message, Write } from './message.js'

export interface EncodeParts {
  readonly fieldsOf: (event: Event) => Fields
  readonly write: Write
  /** Bytes. */
  readonly maxSize: number
  /** A message was cut, or has no text. */
  readonly count: (name: 'truncated' | 'without_message') => void
}

/** The bytes of a message, or why an event has none. */
type Encoded = Buffer | string

/** One message a datagram. */
export function datagramsOf(batch: Batch, parts: EncodeParts): Outgoing<Datagrams> {
  const refused = new Map<number, string>()
  const payload: (Uint8Array | undefined)[] = []
  for (const encoded of encode(batch, parts)) {
    if (typeof encoded === 'string') refused.set(payload.length, encoded)
    payload.push(typeof encoded === 'string' ? undefined : encoded)
  }
  return { payload, refused }
}

const newline = Buffer.from('\n')

/** Messages one behind the other, each framed as the stream has it (RFC 6587, section 3.4). */
export function streamOf(
  batch: Batch,
  parts: EncodeParts,
  framing: 'newline' | 'octet_counting',
): Outgoing<Uint8Array> {
  const refused = new Map<number, string>()
  const pieces: Uint8Array[] = []
  let index = 0
  for (const encoded of encode(batch, parts, framing === 'newline')) {
    if (typeof encoded === 'string') refused.set(index, encoded)
    else if (framing === 'newline') pieces.push(encoded, newline)
    else pieces.push(Buffer.from(`${encoded.length} `), encoded)
    index++
  }
  return { payload: Buffer.concat(pieces), refused }
}

function* encode({ chunks }: Batch, parts: EncodeParts, oneLine = false): Generator<Encoded, void> {
  for (const chunk of chunks) for (const event of readEvents(chunk)) yield encodeEvent(event, parts, oneLine)
}

function encodeEvent(event: Event, parts: EncodeParts, oneLine: boolean): Encoded {
  const fields = parts.fieldsOf(event)
  if (fields.message === undefined) {
    if (fields.data.length === 0) return 'it has no such field (syslog_message_key)'
    parts.count('without_message')
  }
  const { head, text } = parts.write(fields)
  return cut(oneLine ? { head: inOneLine(head), text: inOneLine(text) } : { head, text }, parts)
}

/** A newline within would end the message: it is a blank. */
function inOneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ')
}

/** Of a message that is too long the end of its text goes, between two characters. */
function cut({ head, text }: Message, { maxSize, count }: EncodeParts): Encoded {
  const bytes = Buffer.from(head + text)
  if (bytes.length <= maxSize) return bytes
  const headBytes = Buffer.byteLength(head)
  if (headBytes > maxSize) return `its structured data needs ${headBytes} bytes, more than ${maxSize} (syslog_maxsize)`
  count('truncated')
  let end = maxSize
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
