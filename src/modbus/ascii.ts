import { checksumOf } from '../framing/index.js'
import type { Found, Framing } from './framing.js'
import { isAnswer, type Query } from './pdu.js'

/** The longitudinal redundancy check: the two's complement of the sum. */
const { sum: lrc } = checksumOf('sum8_twos')

const [start, end] = [':'.charCodeAt(0), '\n'.charCodeAt(0)]

/** Characters of the longest frame (2.5.2.1); what is longer without an end is noise. */
const longest = 513

/** Frames of serial lines as text (Modbus over Serial Line V1.02, 2.5.2): a colon, hex digits, LRC, carriage return, line feed. */
export const ascii: Framing = { numbered: false, encode, find }

function encode({ unit, pdu }: Query): Uint8Array {
  const bytes = Buffer.from([unit, ...pdu, 0])
  bytes[pdu.length + 1] = lrc(bytes, 0, pdu.length + 1)
  return Buffer.from(`:${bytes.toString('hex').toUpperCase()}\r\n`, 'latin1')
}

function find(bytes: Buffer, query: Query): Found {
  let skip = 0
  for (let stop = bytes.indexOf(end); stop >= 0; stop = bytes.indexOf(end, skip)) {
    // Noise may stand before the colon, and a frame that was never ended.
    const colon = bytes.lastIndexOf(start, stop)
    const pdu = colon < skip ? undefined : pduIn(bytes.toString('latin1', colon + 1, stop).trimEnd(), query)
    if (pdu) return { skip: stop + 1, foreign: colon, pdu }
    skip = stop + 1
  }
  skip = Math.max(skip, bytes.length - longest)
  return { skip, foreign: skip }
}

/** The answer in the hex digits between a colon and the end of the line. */
function pduIn(digits: string, query: Query): Uint8Array | undefined {
  if (!/^([\dA-Fa-f]{2}){4,}$/.test(digits)) return undefined
  const bytes = Buffer.from(digits, 'hex')
  const last = bytes.length - 1
  if (bytes[0] !== query.unit || bytes[last] !== lrc(bytes, 0, last)) return undefined
  const pdu = bytes.subarray(1, last)
  return isAnswer(query, pdu) ? pdu : undefined
}
