import { setField } from '../event/record.js'
import type { Value } from '../event/event.js'
import type { Draft, MessageType, NamedField } from './message.js'

type Fields = Readonly<Record<string, unknown>>

/** A message as a value for JSON ("ProtoJSON Format"), which has the same fields as the message in bytes. */
export function toJsonValue<T>(type: MessageType<T>, draft: Draft<T>): Value {
  return messageValue(type, draft as Fields)
}

function messageValue(type: MessageType<unknown>, fields: Fields): Value {
  const record: Record<string, Value> = {}
  for (const field of type.fields) {
    const value = fields[field.name]
    if (value === undefined) continue
    const isOne = field.count === 'one'
    setField(record, field.name, isOne ? fieldValue(field, value) : listValue(field, value as Iterable<unknown>))
  }
  return record
}

function listValue(field: NamedField, values: Iterable<unknown>): Value {
  return Array.from(values, (value) => fieldValue(field, value))
}

function fieldValue({ scalar, message }: NamedField, value: unknown): Value {
  return message ? messageValue(message(), value as Fields) : (scalar?.toJson(value) ?? null)
}
