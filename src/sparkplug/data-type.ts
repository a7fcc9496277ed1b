import type { Value } from '../event/event.js'
import type { Draft } from '../protobuf/index.js'
import type { Metric } from './payload.js'

/** Types of metrics (Sparkplug 3.0, section 6.4.16), by the names that it gives them. */
export const dataTypes = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  Bytes: 17,
} as const

export type DataType = keyof typeof dataTypes

/** The types that our own metrics have. */
export type WrittenType = 'Int64' | 'Double' | 'Boolean' | 'String' | 'Bytes'

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

function isInt64(whole: number | bigint): boolean {
  return whole >= int64.least && whole <= int64.most
}

const types: { readonly [type: string]: WrittenType } = { boolean: 'Boolean', string: 'String' }

/** The type that a value is written as; undefined for null, and for maps and lists. */
export function typeOfValue(value: Value): WrittenType | undefined {
  if (isNumeric(value)) return isInteger(value) && isInt64(value) ? 'Int64' : 'Double'
  return value instanceof Uint8Array ? 'Bytes' : types[typeof value]
}

/** A value of each type as the fields of a metric; undefined for one of another. */
const writers: { readonly [T in WrittenType]: (value: Value) => Draft<Metric> | undefined } = {
  // As the unsigned integer of the same bits (section 6.4.17).
  Int64: (value) => (isInteger(value) ? { longValue: BigInt.asUintN(64, BigInt(value)) } : undefined),
  Double: (value) => (isNumeric(value) ? { doubleValue: Number(value) } : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? { booleanValue: value } : undefined),
  String: (value) => (typeof value === 'string' ? { stringValue: value } : undefined),
  Bytes: (value) => (value instanceof Uint8Array ? { bytesValue: value } : undefined),
}

/** The fields of a metric that hold its value; a value of another type is none. */
export function valueFields(type: WrittenType, value: Value): Draft<Metric> {
  return writers[type](value) ?? { isNull: true }
}

/** How many bits a signed integer has; those of 32 and fewer come in a field of 32, be they extended with zeros or with their sign. */
const signedBits: ReadonlyMap<number, number> = new Map([
  [dataTypes.Int8, 8],
  [dataTypes.Int16, 16],
  [dataTypes.Int32, 32],
  [dataTypes.Int64, 64],
])

/** The value of a metric that was read; null where it has none, or one of a kind that records do not hold. */
export function metricValue(metric: Metric, datatype = metric.datatype ?? 0): Value {
  if (metric.isNull) return null
  const whole = metric.intValue ?? metric.longValue
  if (whole !== undefined) return wholeValue(whole, signedBits.get(datatype))
  return metric.floatValue ?? metric.doubleValue ?? otherValue(metric)
}

function otherValue({ booleanValue, stringValue, bytesValue }: Metric): Value {
  return booleanValue ?? stringValue ?? bytesValue ?? null
}

function wholeValue(value: number | bigint, bits: number | undefined): number | bigint {
  if (bits === undefined) return value
  const signed = BigInt.asIntN(bits, BigInt(value))
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number'
}
