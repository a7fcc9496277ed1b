import { AgentError } from 'sluice/plugin'

/** What is said in a record (FastCGI 1.0, section 8). */
export const recordTypes = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
} as const

export interface FastCgiRecord {
  readonly type: number
  readonly requestId: number
  readonly content: Buffer
}

const version = 1
const headBytes = 8
/** The longest content that is a multiple of 8, so that it needs no padding. */
const mostBytes = 65_528
/** One connection has one request at a time. */
export const requestId = 1
const responder = 1
const keepConnection = 1

/** One record, padded to a multiple of 8 bytes (section 3.3). */
export function record(type: number, content: Uint8Array = new Uint8Array()): Buffer {
  const padding = -content.length & 7
  const bytes = Buffer.alloc(headBytes + content.length + padding)
  bytes.writeUInt8(version, 0)
  bytes.writeUInt8(type, 1)
  bytes.writeUInt16BE(requestId, 2)
  bytes.writeUInt16BE(content.length, 4)
  bytes.writeUInt8(padding, 6)
  bytes.set(content, headBytes)
  return bytes
}

/** A stream of any length, in records; the empty one that ends it is not among them. */
export function streamRecords(type: number, content: Uint8Array): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < content.length; at += mostBytes) parts.push(record(type, content.subarray(at, at + mostBytes)))
  return Buffer.concat(parts)
}

/** A request for an answer, on a connection that is to stay open (section 5.1), and its variables. */
export function requestRecords(variables: { readonly [name: string]: string }): Buffer {
  const begin = record(recordTypes.beginRequest, Buffer.from([0, responder, keepConnection, 0, 0, 0, 0, 0]))
  const params = streamRecords(recordTypes.params, nameValuePairs(variables))
  return Buffer.concat([begin, params, record(recordTypes.params)])
}

/** Section 3.4: lengths take one byte, or four with the highest bit set. */
function nameValuePairs(variables: { readonly [name: string]: string }): Buffer {
  const parts: Buffer[] = []
  for (const pair of Object.entries(variables)) {
    const [name, value] = pair.map((text) => Buffer.from(text)) as [Buffer, Buffer]
    parts.push(lengthOf(name), lengthOf(value), name, value)
  }
  return Buffer.concat(parts)
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 128) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE((length | 0x80_00_00_00) >>> 0)
  return bytes
}

/** Cuts bytes into records, wherever they were cut before; holds less than one record. */
export class RecordReader {
  #rest: Buffer = Buffer.alloc(0)

  /** Throws an AgentError `FASTCGI_VERSION` for bytes that are no records. */
  push(bytes: Buffer): FastCgiRecord[] {
    const records: FastCgiRecord[] = []
    let left = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (left.length >= headBytes) {
      if (left[0] !== version)
        throw new AgentError('FASTCGI_VERSION', `fastcgi: expected records of version 1, got ${left[0]}`)
      const end = headBytes + left.readUInt16BE(4)
      const next = end + left.readUInt8(6)
      if (left.length < next) break
      records.push({
        type: left.readUInt8(1),
        requestId: left.readUInt16BE(2),
        content: left.subarray(headBytes, end),
      })
      left = left.subarray(next)
    }
    this.#rest = left
    return records
  }
}

export interface RequestEnd {
  readonly appStatus: number
  readonly protocolStatus: number
}

/** How a request ended (section 5.5). Throws an AgentError `FASTCGI_END` for too short a record. */
export function requestEnd({ content }: FastCgiRecord): RequestEnd {
  if (content.length < 5) throw new AgentError('FASTCGI_END', 'fastcgi: expected an end of the request of 8 bytes')
  return { appStatus: content.readUInt32BE(0), protocolStatus: content.readUInt8(4) }
}
