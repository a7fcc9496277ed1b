import type { ByteSink } from './byte-sink.js'
import { writeString } from './write-string.js'

/** A safe integer as the shortest integer, anything else as a float64, non-finite numbers too; -0 is 0. */
export function writeNumber(sink: ByteSink, value: number): void {
  if ((value | 0) === value) writeInt32(sink, value)
  else if (Number.isSafeInteger(value)) writeLongInteger(sink, value)
  else writeDouble(sink, value)
}

/** Integers beyond 64 bits become text in decimal: msgpack has no number for them. */
export function writeBigInt(sink: ByteSink, value: bigint): void {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return writeNumber(sink, Number(value))
  if (value < -(2n ** 63n) || value >= 2n ** 64n) return writeString(sink, String(value))
  sink.reserve(9)
  sink.bytes[sink.at] = value < 0n ? 0xd3 : 0xcf
  sink.view.setBigUint64(sink.at + 1, BigInt.asUintN(64, value))
  sink.at += 9
}

function writeInt32(sink: ByteSink, value: number): void {
  if (value >= 0) writeUint31(sink, value)
  else if (value >= -0x20) sink.byte(value)
  else if (value >= -0x80) sink.markedU8(0xd0, value)
  else if (value >= -0x8000) sink.markedU16(0xd1, value)
  else sink.markedU32(0xd2, value)
}

function writeUint31(sink: ByteSink, value: number): void {
  if (value < 0x80) sink.byte(value)
  else if (value < 0x100) sink.markedU8(0xcc, value)
  else if (value < 0x10000) sink.markedU16(0xcd, value)
  else sink.markedU32(0xce, value)
}

/** Integers beyond 31 bits that a double holds exactly; `setUint32` takes the low bits of what it is given. */
function writeLongInteger(sink: ByteSink, value: number): void {
  if (value >= 0 && value < 0x1_0000_0000) return sink.markedU32(0xce, value)
  sink.reserve(9)
  sink.bytes[sink.at] = value < 0 ? 0xd3 : 0xcf
  sink.view.setUint32(sink.at + 1, Math.floor(value / 0x1_0000_0000))
  sink.view.setUint32(sink.at + 5, value)
  sink.at += 9
}

function writeDouble(sink: ByteSink, value: number): void {
  sink.reserve(9)
  sink.bytes[sink.at] = 0xcb
  sink.view.setFloat64(sink.at + 1, value)
  sink.at += 9
}
