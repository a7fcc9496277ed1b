import { AgentError } from '../base/agent-error.js'
import type { EventRecord } from '../event/event.js'
import { readJson } from '../event/json-reader.js'
import { isRecord } from '../event/record.js'
import { ParseError } from './errors.js'

const operations = ['create', 'delete', 'index', 'update'] as const

const anAction = `an action, one of ${operations.join(', ')}`

/** One action of a bulk request. */
export interface BulkAction {
  readonly operation: (typeof operations)[number]
  /** What the action line names; undefined where it names none, as where the path of the request does. */
  readonly index: string | undefined
  readonly id: string | undefined
  /** The action's own bytes, a view: the action line and, but for `delete`, the line of its document. They are a bulk body too. */
  readonly body: Uint8Array
  /** The document's line, a view; undefined for `delete`. */
  readonly source: Uint8Array | undefined
  /** The line of the action, counted from 1. */
  readonly line: number
}

/**
 * The actions of a bulk request (Elasticsearch, "Bulk API"): lines of JSON in pairs, an action and its document. Documents are not
 * looked at. Throws a ParseError `PLUGIN_BULK` where a line is no action, or where the document of one is missing.
 */
export function* bulkActions(body: Uint8Array): Generator<BulkAction> {
  const lines = linesOf(body)
  let event = 0
  for (const line of lines) {
    if (isBlank(line.bytes)) continue
    const place = { event, line: line.number }
    const { operation, meta } = readAction(line.bytes, place)
    const source = operation === 'delete' ? undefined : lines.next().value
    if (operation !== 'delete' && !source) throw wrong(place, `a document behind "${operation}"`, 'the end')
    yield {
      operation,
      index: textIn(meta, '_index'),
      id: textIn(meta, '_id'),
      body: body.subarray(line.start, (source ?? line).end),
      source: source?.bytes,
      line: line.number,
    }
    event++
  }
}

/** Events count from 0, lines from 1. */
interface Place {
  readonly event: number
  readonly line: number
}

interface Line {
  readonly number: number
  readonly start: number
  /** Behind its newline. */
  readonly end: number
  readonly bytes: Uint8Array
}

function* linesOf(body: Uint8Array): Generator<Line, undefined> {
  for (let start = 0, number = 1; start < body.length; number++) {
    const found = body.indexOf(0x0a, start)
    const end = found < 0 ? body.length : found + 1
    yield { number, start, end, bytes: body.subarray(start, found < 0 ? end : found) }
    start = end
  }
}

function readAction(bytes: Uint8Array, place: Place): { operation: BulkAction['operation']; meta: EventRecord } {
  const [first, ...others] = Object.entries(objectIn(bytes, place))
  const [name, meta] = first ?? []
  const operation = operations.find((each) => each === name)
  if (operation && isRecord(meta) && others.length === 0) return { operation, meta }
  throw wrong(place, anAction, name === undefined ? 'an empty object' : `"${name.slice(0, 64)}"`)
}

function objectIn(bytes: Uint8Array, place: Place): EventRecord {
  try {
    const value = readJson(bytes)
    if (isRecord(value)) return value
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw wrong(place, anAction, `what is no JSON (${error.message})`, error)
  }
  throw wrong(place, anAction, 'JSON that is no object')
}

function wrong({ event, line }: Place, expected: string, got: string, cause?: AgentError): ParseError {
  const message = `bulk: event ${event}, line ${line}: expected ${expected}, got ${got}`
  return new ParseError('PLUGIN_BULK', message, event, { cause })
}

/** Ids may be numbers in what some clients send. */
function textIn(meta: EventRecord, key: string): string | undefined {
  const value = meta[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}

/** White space alone, as the carriage return of an empty line. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)
}
