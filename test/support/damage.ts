import { crc32 } from 'node:zlib'

import { segmentHead } from '../../src/log/disk/segment-format.js'

/** The bytes with one of them changed. */
export function flipped(bytes: Buffer, at: number, mask = 0xff): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ mask
  return changed
}

/** A segment that an agent of a later version wrote. */
export function newerSegment(version: number): Buffer {
  const head = segmentHead({ run: 'from-tomorrow', first: 0 })
  head.writeUInt16BE(version, 8)
  head.writeUInt32BE(crc32(head.subarray(0, 30)), 30)
  return Buffer.concat([head, Buffer.from('frames of some kind that nobody knows today')])
}
