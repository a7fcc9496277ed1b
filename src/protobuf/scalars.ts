import type { Value } from '../event/event.js'
import { wire, type WireReader } from './wire-reader.js'

/** A type of a single value: how it stands on the wire, and how in JSON, where `undefined` says that it is not of this type. */
export interface Scalar<T> {
  readonly name: string
  readonly wireType: number
  read(reader: WireReader): T
  fromJson(value: Value): T | undefined
}

/** The scalar types of Protocol Buffers that our messages have, and their JSON ("ProtoJSON Format", section "Field Representation"). */
export const string: Scalar<string> = {
  name: 'text',
  wireType: wire.length,
  read: (reader) => reader.string(),
  fromJson: (value) => (typeof value === 'string' ? value : undefined),
}

/** In base64, of either alphabet, padded or not. */
export const bytes: Scalar<Uint8Array> = {
  name: 'bytes in base64',
  wireType: wire.length,
  read: (reader) => reader.bytes(),
  fromJson: (value) =>
    typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)
      ? new Uint8Array(Buffer.from(value, 'base64'))
      : undefined,
}

/** Bytes that OTLP writes in hexadecimal in JSON, against the rule (OTLP 1.x, section "JSON Protobuf Encoding"); read as such text. */
export const hex: Scalar<string> = {
  name: 'bytes in hexadecimal',
  wireType: wire.length,
  read: (reader) => reader.hex(),
  fromJson: (value) =>
    typeof value === 'string' && /^(?:[\da-fA-F]{2})*$/.test(value) ? value.toLowerCase() : undefined,
}

export const bool: Scalar<boolean> = {
  name: 'a boolean',
  wireType: wire.varint,
  read: (reader) => reader.bool(),
  fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
}

export const double: Scalar<number> = {
  name: 'a number',
  wireType: wire.fixed64,
  read: (reader) => reader.double(),
  fromJson: doubleOf,
}

/** A double, or null where its bits are this marker, a not-a-number that stands for something. */
export function doubleBut(marker: bigint): Scalar<number | null> {
  const read = (reader: WireReader): number | null => {
    const value = reader.double()
    return Number.isNaN(value) && reader.lastBits() === marker ? null : value
  }
  return { ...double, read }
}

export const int32 = small(wire.varint, (reader) => reader.int32(), [-(2n ** 31n), 2n ** 31n])
export const sint32 = small(wire.varint, (reader) => reader.sint32(), [-(2n ** 31n), 2n ** 31n])
export const uint32 = small(wire.varint, (reader) => reader.uint32(), [0n, 2n ** 32n])
export const fixed32 = small(wire.fixed32, (reader) => reader.fixed32(), [0n, 2n ** 32n])
export const int64 = large(wire.varint, (reader) => reader.int64(), [-(2n ** 63n), 2n ** 63n])
export const sint64 = large(wire.varint, (reader) => reader.sint64(), [-(2n ** 63n), 2n ** 63n])
export const uint64 = large(wire.varint, (reader) => reader.uint64(), [0n, 2n ** 64n])
export const fixed64 = large(wire.fixed64, (reader) => reader.fixed64(), [0n, 2n ** 64n])
export const sfixed64 = large(wire.fixed64, (reader) => reader.sfixed64(), [-(2n ** 63n), 2n ** 63n])

/** From the first number to before the second. */
type Range = readonly [from: bigint, to: bigint]

function small(wireType: number, read: (reader: WireReader) => number, range: Range): Scalar<number> {
  return { name: 'an integer of 32 bits', wireType, read, fromJson: (value) => integerOf(value, range) as number }
}

function large(wireType: number, read: (reader: WireReader) => number | bigint, range: Range): Scalar<number | bigint> {
  return { name: 'an integer of 64 bits', wireType, read, fromJson: (value) => integerOf(value, range) }
}

/** A JSON number or text of digits; what a double holds exactly is a number, the rest a bigint. */
function integerOf(value: Value, [from, to]: Range): number | bigint | undefined {
  const isText = typeof value === 'string' && /^-?\d{1,20}$/.test(value)
  if (!isText && typeof value !== 'bigint' && !Number.isInteger(value)) return undefined
  const exact = BigInt(value as string | number | bigint)
  if (exact < from || exact >= to) return undefined
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  const isText = typeof value === 'string' && /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(value)
  return isText ? Number(value) : undefined
}
