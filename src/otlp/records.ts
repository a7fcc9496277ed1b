import {
  type EventRecord,
  type EventTime,
  fromNanoseconds,
  isRecord,
  type Parsed,
  toIsoText,
  type Value,
} from '../plugin/index.js'
import type { Read } from '../protobuf/index.js'
import { attributesOf, type resource, type scope } from './common.js'

export type Fields = { readonly [name: string]: Value | undefined }

/** A record of those fields that say something: what is not there, an empty text, an empty map and an empty list are left out. */
export function recordOf(fields: Fields): EventRecord {
  const record: Record<string, Value> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined && !isEmpty(value)) record[name] = value
  }
  return record
}

export function eventOf(record: EventRecord, time: EventTime | undefined): Parsed {
  return time ? { record, time } : { record }
}

export function resourceOf(from: Read<typeof resource> | undefined): EventRecord {
  return attributesOf(from?.attributes ?? [])
}

export function scopeOf(from: Read<typeof scope> | undefined): EventRecord {
  if (!from) return {}
  return recordOf({ name: from.name, version: from.version, attributes: attributesOf(from.attributes) })
}

/** 0 says that a time is not known (logs.proto: LogRecord). */
export function timeOf(unixNano: number | bigint | undefined): EventTime | undefined {
  return unixNano ? fromNanoseconds(BigInt(unixNano)) : undefined
}

export function timeText(unixNano: number | bigint | undefined): string | undefined {
  const time = timeOf(unixNano)
  return time && toIsoText(time)
}

function isEmpty(value: Value): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === '' || (isRecord(value) && Object.keys(value).length === 0)
}
