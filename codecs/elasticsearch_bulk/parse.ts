import {
  AgentError,
  type BulkAction,
  bulkActions,
  type EventRecord,
  type EventTime,
  isRecord,
  type Parsed,
  ParseError,
  readJson,
  setField,
  toJson,
  type Value,
} from 'sluice/plugin'
import { readTimestamp } from './timestamp.js'

export interface BulkSettings {
  readonly indexKey: string | undefined
  readonly idKey: string | undefined
  readonly defaultIndex: string | undefined
}

/**
 * The documents of a bulk request, whose `@timestamp` is their time. Throws a ParseError `CODEC_BULK` where a document is none,
 * and for actions on what an index holds already: a log has new events alone.
 */
export function* parseBulk(frame: Uint8Array, settings: BulkSettings): Generator<Parsed> {
  let event = 0
  for (const action of bulkActions(frame)) yield parsedOf(action, event++, settings)
}

function parsedOf(action: BulkAction, event: number, { indexKey, idKey, defaultIndex }: BulkSettings): Parsed {
  const { '@timestamp': timestamp, ...fields } = documentOf(action, event)
  const record: Record<string, Value> = fields
  const index = action.index ?? defaultIndex
  if (indexKey !== undefined && index !== undefined) setField(record, indexKey, index)
  if (idKey !== undefined && action.id !== undefined) setField(record, idKey, action.id)
  return timestamp === undefined ? { record } : { record, time: timeOf(timestamp, event, action.line + 1) }
}

/** It stands on the line behind the action's. */
function documentOf({ operation, source, line }: BulkAction, event: number): EventRecord {
  if (!source || operation === 'update') throw wrong(event, line, 'an action "create" or "index"', `"${operation}"`)
  const document = valueOf(source, event, line + 1)
  if (isRecord(document)) return document
  throw wrong(event, line + 1, 'a document that is an object', toJson(document))
}

function valueOf(source: Uint8Array, event: number, line: number): Value {
  try {
    return readJson(source)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw wrong(event, line, 'a document in JSON', `something else (${error.message})`)
  }
}

function timeOf(value: Value, event: number, line: number): EventTime {
  const time = readTimestamp(value)
  if (time) return time
  throw wrong(event, line, 'a @timestamp in ISO 8601 or milliseconds, from 1970 to 2106', toJson(value))
}

function wrong(event: number, line: number, expected: string, got: string): ParseError {
  const message = `elasticsearch_bulk: event ${event}, line ${line}: expected ${expected}, got ${got.slice(0, 200)}`
  return new ParseError('CODEC_BULK', message, event)
}
