import type { DbcSignal } from './dbc.js'

type Layout = Pick<DbcSignal, 'start' | 'length' | 'bigEndian'>

/** Bytes that a frame has at least where the signal is whole. */
export function bytesNeeded({ start, length, bigEndian }: Layout): number {
  return (firstBit(start, bigEndian) + length + 7) >> 3
}

/** Bits of the frame in front of a signal, counted as its byte order does: from the top of each byte where that is big-endian. */
export function firstBit(start: number, bigEndian: boolean): number {
  return bigEndian ? (start & ~7) + 7 - (start & 7) : start
}
