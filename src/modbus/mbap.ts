import type { Found, Framing } from './framing.js'
import { isAnswer, type Query } from './pdu.js'

/** Transaction, protocol and length, two bytes each; the length counts what is behind it, the unit first. */
const headerBytes = 6
const [protocolAt, lengthAt] = [2, 4]

/** A unit and 2 to 253 bytes (Modbus Messaging on TCP/IP V1.0b, 3.1.3). */
const [least, most] = [3, 254]

/** Frames of Modbus TCP: a header of seven bytes, the last of which is the unit, and no checksum. */
export const mbap: Framing = { numbered: true, encode, find }

function encode({ transaction, unit, pdu }: Query): Uint8Array {
  const frame = Buffer.alloc(headerBytes + 1 + pdu.length)
  frame.writeUInt16BE(transaction, 0)
  frame.writeUInt16BE(pdu.length + 1, lengthAt)
  frame[headerBytes] = unit
  frame.set(pdu, headerBytes + 1)
  return frame
}

function find(bytes: Buffer, query: Query): Found {
  let at = 0
  while (at + headerBytes <= bytes.length) {
    const length = bytes.readUInt16BE(at + lengthAt)
    if (bytes.readUInt16BE(at + protocolAt) !== 0 || length < least || length > most) {
      at++ // what came is no frame: one may begin behind it
      continue
    }
    const end = at + headerBytes + length
    if (end > bytes.length) break
    const pdu = bytes.subarray(at + headerBytes + 1, end)
    if (isFor(query, bytes, at) && isAnswer(query, pdu)) return { skip: end, foreign: at, pdu }
    at = end
  }
  return { skip: at, foreign: at }
}

function isFor({ transaction, unit }: Query, bytes: Buffer, at: number): boolean {
  return bytes.readUInt16BE(at) === transaction && bytes[at + headerBytes] === unit
}
