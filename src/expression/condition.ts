import { type Accessor, compileAccessor } from '../event/accessor.js'
import type { Event, EventRecord, Value } from '../event/event.js'
import { isRecord } from '../event/record.js'
import { AgentError } from '../plugin/errors.js'
import { holds, type Values } from './operators.js'
import { parseCondition } from './parse.js'

/** A condition over the fields of records, compiled once. */
export interface Condition {
  /** Reads each field that it asks for; what they read goes into the values that `holds` is given, in the same places. */
  readonly fields: readonly Accessor[]
  /** Whether it holds. Never throws; what has the wrong type, or is missing, makes a comparison false. */
  holds(values: Values): boolean
}

/**
 * Compiles a condition such as `speed_kmh > 5 and gear in ["D", "R"]`. Throws an AgentError `EXPRESSION_SYNTAX` that names the
 * option, the column and what was expected there.
 */
export function compileCondition(option: string, text: string): Condition {
  const { part, fields } = parsed(option, text)
  return { fields: fields.map((field) => fieldReader(option, field)), holds: (values) => holds(part(values)) }
}

/** The same for those that ask one event at a time. */
export function conditionOf(option: string, text: string): (event: Pick<Event, 'tag' | 'record'>) => boolean {
  const condition = compileCondition(option, text)
  const { fields } = condition
  const values: (Value | undefined)[] = fields.map(() => undefined)
  return (event) => {
    for (let place = 0; place < fields.length; place++) values[place] = fields[place]?.(event)
    return condition.holds(values)
  }
}

function parsed(option: string, text: string): ReturnType<typeof parseCondition> {
  try {
    return parseCondition(text)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw new AgentError('EXPRESSION_SYNTAX', `${option}: ${error.message}`, { cause: error })
  }
}

/** `$a['b']` and `a['b']` are paths; `a.b` is the field of this name, and where there is none, `b` in `a`. */
function fieldReader(option: string, field: string): Accessor {
  const isPath = field.startsWith('$') || field.includes('[')
  const read = compileAccessor(isPath && !field.startsWith('$') ? `$${field}` : field)
  if (!read) throw new AgentError('EXPRESSION_SYNTAX', `${option}: expected the name of a field, got "${field}"`)
  return isPath || !field.includes('.') ? read : dottedReader(read, field.split('.'))
}

function dottedReader(read: Accessor, names: readonly string[]): Accessor {
  return (event) => {
    const plain = read(event)
    return plain === undefined ? nested(event.record, names) : plain
  }
}

function nested(record: EventRecord, names: readonly string[]): Value | undefined {
  let value: Value | undefined = record
  for (const name of names) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}
