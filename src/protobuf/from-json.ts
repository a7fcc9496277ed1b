import { AgentError } from '../base/agent-error.js'
import { isRecord } from '../event/record.js'
import type { EventRecord, Value } from '../event/event.js'
import type { MessageType, NamedField } from './message.js'

type Fields = Record<string, unknown>

/**
 * A JSON value to the fields of a message, as the same message in bytes has them ("ProtoJSON Format"): names in lowerCamelCase,
 * null as if it were not there, unknown names left out. Throws an AgentError `PROTOBUF_JSON`; for what is below a field of
 * `each`, once it is asked for. A JSON value that `readJson` gave is not too deep.
 */
export function fromJson<T>(type: MessageType<T>, value: Value): T {
  return messageOf(type, value, type.name) as T
}

function messageOf(type: MessageType<unknown>, value: Value, path: string): Fields {
  if (!isRecord(value)) throw mismatch(path, 'an object', value)
  const found: Fields = {}
  for (const field of type.fields) {
    const read = fieldOf(
      field,
      Object.hasOwn(value, field.name) ? value[field.name] : null,
      `${type.name}.${field.name}`,
    )
    if (read !== undefined) found[field.name] = read
  }
  return found
}

function fieldOf(field: NamedField, value: Value = null, path: string): unknown {
  if (field.count === 'one') return value === null ? undefined : valueOf(field, value, path)
  const list = listOf(value, path)
  if (field.count === 'all') return list.map((element) => valueOf(field, element, path))
  return {
    *[Symbol.iterator]() {
      for (const element of list) yield valueOf(field, element, path)
    },
  }
}

function listOf(value: Value, path: string): readonly Value[] {
  if (value === null) return []
  if (!Array.isArray(value)) throw mismatch(path, 'a list', value)
  return value
}

function valueOf({ scalar, message }: NamedField, value: Value, path: string): unknown {
  if (message) return messageOf(message(), value, path)
  const read = scalar?.fromJson(value)
  if (read === undefined) throw mismatch(path, scalar?.name ?? 'a value', value)
  return read
}

function mismatch(path: string, expected: string, value: Value): AgentError {
  return new AgentError('PROTOBUF_JSON', `${path}: expected ${expected}, got ${shown(value)}`)
}

function shown(value: Value | EventRecord): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 32)) : String(value)
}
