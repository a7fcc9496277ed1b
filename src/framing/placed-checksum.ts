import { checksumOf } from './checksum.js'
import type { Sum } from './crc.js'

/** Where the checksum of a frame stands, and what of the frame it is over. */
export interface PlacedChecksum {
  /** Bytes at the end of a frame that are no content; where it stands behind the stop those of the checksum alone. */
  readonly taken: number
  /** What it is over ends with the stop then. */
  readonly behindStop: boolean
  /** Whether the frame from `start` to `end` has the checksum that it says. */
  holds(bytes: Uint8Array, start: number, end: number): boolean
}

export interface ChecksumPlace {
  readonly name: string
  readonly endian: 'big' | 'little' | undefined
  /** First byte it is over, counted from the frame's own first. */
  readonly from: number
  /** Bytes between what it is over and itself. */
  readonly gap: number
  readonly form: 'binary' | 'hex'
  readonly behindStop: boolean
}

/** The number that a frame says at a place; NaN where there is none. */
type Said = (bytes: Uint8Array, at: number) => number

export function placeChecksum({ name, endian, from, gap, form, behindStop }: ChecksumPlace): PlacedChecksum {
  const checksum = checksumOf(name)
  const size = form === 'hex' ? checksum.bytes * 2 : checksum.bytes
  const said = form === 'hex' ? hexAt(size) : binaryAt(size, endian ?? checksum.endian)
  const taken = behindStop ? size : size + gap
  return { taken, behindStop, holds: holding(checksum.sum, said, { from, gap, size }) }
}

interface Span {
  readonly from: number
  readonly gap: number
  readonly size: number
}

function holding(sum: Sum, said: Said, { from, gap, size }: Span): PlacedChecksum['holds'] {
  return (bytes, start, end) => {
    const at = end - size
    if (at - gap < start + from) return false
    return sum(bytes, start + from, at - gap) === said(bytes, at)
  }
}

function binaryAt(size: number, endian: 'big' | 'little'): Said {
  return (bytes, at) => {
    let value = 0
    for (let index = 0; index < size; index++) {
      const byte = bytes[endian === 'big' ? at + index : at + size - 1 - index] as number
      value = value * 256 + byte
    }
    return value
  }
}

/** Digits in either case, the highest first. */
function hexAt(size: number): Said {
  return (bytes, at) => {
    let value = 0
    for (let index = at; index < at + size; index++) value = value * 16 + digit(bytes[index] as number)
    return value
  }
}

function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN
}
