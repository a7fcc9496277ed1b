import { type EventRecord, setField, type Value } from '../plugin/index.js'
import { all, bool, bytes, double, int64, message, type MessageType, one, string } from '../protobuf/index.js'

/** opentelemetry/proto/common/v1/common.proto: AnyValue; at most one of its fields is there. */
export interface AnyValue {
  readonly stringValue: string | undefined
  readonly boolValue: boolean | undefined
  readonly intValue: number | bigint | undefined
  readonly doubleValue: number | undefined
  readonly arrayValue: { readonly values: readonly AnyValue[] } | undefined
  readonly kvlistValue: { readonly values: readonly KeyValue[] } | undefined
  readonly bytesValue: Uint8Array | undefined
}

/** The same file: KeyValue. */
export interface KeyValue {
  readonly key: string | undefined
  readonly value: AnyValue | undefined
}

export const anyValue: MessageType<AnyValue> = message('AnyValue', {
  stringValue: one(1, string),
  boolValue: one(2, bool),
  intValue: one(3, int64),
  doubleValue: one(4, double),
  arrayValue: one(5, () => arrayValue),
  kvlistValue: one(6, () => keyValueList),
  bytesValue: one(7, bytes),
})
export const keyValue: MessageType<KeyValue> = message('KeyValue', {
  key: one(1, string),
  value: one(2, () => anyValue),
})
const arrayValue = message('ArrayValue', { values: all(1, () => anyValue) })
const keyValueList = message('KeyValueList', { values: all(1, () => keyValue) })

/** opentelemetry/proto/resource/v1/resource.proto: Resource. */
export const resource = message('Resource', { attributes: all(1, () => keyValue) })

/** opentelemetry/proto/common/v1/common.proto: InstrumentationScope. */
export const scope = message('InstrumentationScope', {
  name: one(1, string),
  version: one(2, string),
  attributes: all(3, () => keyValue),
})

export function valueOf(any: AnyValue): Value {
  const plain = any.stringValue ?? any.boolValue ?? any.intValue ?? any.doubleValue ?? any.bytesValue
  if (plain !== undefined) return plain
  if (any.arrayValue) return any.arrayValue.values.map(valueOf)
  return any.kvlistValue ? attributesOf(any.kvlistValue.values) : null
}

/** Of two attributes of one name the last counts. */
export function attributesOf(attributes: readonly KeyValue[]): EventRecord {
  const record: Record<string, Value> = {}
  for (const { key = '', value } of attributes) setField(record, key, value ? valueOf(value) : null)
  return record
}
