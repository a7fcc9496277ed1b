import type { Value } from '../event/event.js'
import { wire, type WireReader } from './wire-reader.js'
import type { WireWriter } from './wire-writer.js'

/** A type of a single value: how it stands on the wire, and how in JSON, where `undefined` says that it is not of this type. */
export interface Scalar<T> {
  readonly name: string
  readonly wireType: number
  read(reader: WireReader): T
  fromJson(value: Value): T | undefined
  write(writer: WireWriter, value: T): void
  toJson(value: T): Value
}

/** The scalar types of Protocol Buffers that our messages have, and their JSON ("ProtoJSON Format", section "Field Representation"). */
export const string: Scalar<string> = {
  name: 'text',
  wireType: wire.length,
  read: (reader) => reader.string(),
  fromJson: (value) => (typeof value === 'string' ? value : undefined),
  write: (writer, value) => writer.string(value),
  toJson: (value) => value,
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
  write: (writer, value) => writer.bytes(value),
  toJson: (value) => Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64'),
}

/** Bytes that OTLP writes in hexadecimal in JSON, against the rule (OTLP 1.x, section "JSON Protobuf Encoding"); read as such text. */
export const hex: Scalar<string> = {
  name: 'bytes in hexadecimal',
  wireType: wire.length,
  read: (reader) => reader.hex(),
  fromJson: (value) =>
    typeof value === 'string' && /^(?:[\da-fA-F]{2})*$/.test(value) ? value.toLowerCase() : undefined,
  write: (writer, value) => writer.bytes(Buffer.from(value, 'hex')),
  toJson: (value) => value,
}

export const bool: Scalar<boolean> = {
  name: 'a boolean',
  wireType: wire.varint,
  read: (reader) => reader.bool(),
  fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
  write: (writer, value) => writer.int32(value ? 1 : 0),
  toJson: (value) => value,
}

export const double: Scalar<number> = {
  name: 'a number',
  wireType: wire.fixed64,
  read: (reader) => reader.double(),
  fromJson: doubleOf,
  write: (writer, value) => writer.double(value),
  toJson: (value) => (Number.isFinite(value) ? value : String(value)),
}

/** A double, or null where its bits are this marker, a not-a-number that stands for something. */
export function doubleBut(marker: bigint): Scalar<number | null> {
  const read = (reader: WireReader): number | null => {
    const value = reader.double()
    return Number.isNaN(value) && reader.lastBits() === marker ? null : value
  }
  return {
    ...double,
    read,
    write: (writer, value) => (value === null ? writer.fixed64(marker) : writer.double(value)),
    toJson: (value) => double.toJson(value ?? Number.NaN),
  }
}

export const int32 = small(wire.varint, 'int32', [-(2n ** 31n), 2n ** 31n])
export const sint32 = small(wire.varint, 'sint32', [-(2n ** 31n), 2n ** 31n])
export const uint32 = small(wire.varint, 'uint32', [0n, 2n ** 32n])
export const fixed32 = small(wire.fixed32, 'fixed32', [0n, 2n ** 32n])
export const int64 = large(wire.varint, 'int64', [-(2n ** 63n), 2n ** 63n])
export const sint64 = large(wire.varint, 'sint64', [-(2n ** 63n), 2n ** 63n])
export const uint64 = large(wire.varint, 'uint64', [0n, 2n ** 64n])
export const fixed64 = large(wire.fixed64, 'fixed64', [0n, 2n ** 64n])
export const sfixed64 = large(wire.fixed64, 'sfixed64', [-(2n ** 63n), 2n ** 63n])

/** From the first number to before the second. */
type Range = readonly [from: bigint, to: bigint]

/** Methods by which both the reader and the writer know a type. */
type SmallType = 'int32' | 'sint32' | 'uint32' | 'fixed32'
type LargeType = 'int64' | 'sint64' | 'uint64' | 'fixed64' | 'sfixed64'

function small(wireType: number, type: SmallType, range: Range): Scalar<number> {
  return {
    name: 'an integer of 32 bits',
    wireType,
    read: (reader) => reader[type](),
    fromJson: (value) => integerOf(value, range) as number,
    write: (writer, value) => writer[type](value),
    toJson: (value) => value,
  }
}

/** JSON has them as text: its numbers are doubles to most who read it. */
function large(wireType: number, type: LargeType, range: Range): Scalar<number | bigint> {
  return {
    name: 'an integer of 64 bits',
    wireType,
    read: (reader) => reader[type](),
    fromJson: (value) => integerOf(value, range),
    write: (writer, value) => writer[type](value),
    toJson: String,
  }
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
