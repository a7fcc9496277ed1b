import { checksumOf } from '../framing/index.js'
import type { Found, Framing } from './framing.js'
import { answerLength, type Query } from './pdu.js'

const { sum: crc } = checksumOf('CRC-16/MODBUS')

/** Unit, function code, one byte and the checksum: no frame is shorter. */
const shortest = 5

/**
 * Frames of serial lines (Modbus over Serial Line V1.02, 2.5.1): unit, request or answer, CRC with its low byte first. Frames end
 * by silence, which no program sees reliably: the length of the answer is known from the request instead.
 */
export const rtu: Framing = { numbered: false, encode, find }

function encode({ unit, pdu }: Query): Uint8Array {
  const frame = Buffer.alloc(pdu.length + 3)
  frame[0] = unit
  frame.set(pdu, 1)
  frame.writeUInt16LE(crc(frame, 0, pdu.length + 1), pdu.length + 1)
  return frame
}

function find(bytes: Buffer, query: Query): Found {
  const last = bytes.length - shortest
  let open: number | undefined
  for (let at = 0; at <= last; at++) {
    const end = endAt(bytes, at, query)
    if (end === undefined) continue
    if (end > bytes.length) open ??= at
    else if (isWhole(bytes, at, end)) return { skip: end, foreign: at, pdu: bytes.subarray(at + 1, end - 2) }
  }
  const skip = open ?? Math.max(0, last + 1)
  return { skip, foreign: skip }
}

/** Behind the last byte of the answer that begins here, if one does. */
function endAt(bytes: Buffer, at: number, query: Query): number | undefined {
  if (bytes[at] !== query.unit) return undefined
  const length = answerLength(query, bytes[at + 1], bytes[at + 2])
  return length === undefined ? undefined : at + length + 3
}

function isWhole(bytes: Buffer, at: number, end: number): boolean {
  return crc(bytes, at, end - 2) === bytes.readUInt16LE(end - 2)
}
