import { type AccessorPart, parseAccessor, type Path, splitTemplate } from './accessor-text.js'
import type { Event, EventRecord, Value } from './event.js'

/** Reads one place of an event; undefined where the event has no such field. */
export type Accessor = (event: Pick<Event, 'tag' | 'record'>) => Value | undefined

/** Text of one event; `captures` are the groups of a match, which `$0` to `$9` stand for. */
export type Template = (event: Pick<Event, 'tag' | 'record'>, captures?: readonly (string | undefined)[]) => string

/**
 * Compiles Fluent Bit's record accessor: `$key`, `$key['sub'][0]`, `$['odd key']`, `$TAG`, `$TAG[1]` (a part of the tag
 * between dots, from 0). Text without a `$` in front is the name of a field. Undefined when the text is neither.
 */
export function compileAccessor(text: string): Accessor | undefined {
  const part = text.startsWith('$') ? parseAccessor(text) : ({ kind: 'field', path: [text] } as const)
  if (!part || part.kind === 'capture' || text === '') return undefined
  return part.kind === 'tag' ? tagReader(part.index) : fieldReader(part.path)
}

/**
 * Compiles text in which accessors stand among other characters, such as `devices/$TAG[1]/$id`; `$$` is a dollar sign.
 * Where an event has no such field, or a map or list there, `missing` is put. What accessors stand for is written as `written`
 * has it, such as escaped.
 */
export function compileTemplate(text: string, missing = '', written?: (text: string) => string): Template {
  const parts = splitTemplate(text).map((part) =>
    typeof part === 'string' ? part : partWriter(part, missing, written),
  )
  return (event, captures = []) => {
    let filled = ''
    for (const part of parts) filled += typeof part === 'string' ? part : part(event, captures)
    return filled
  }
}

/** How a value reads among text; undefined for maps and lists. */
export function valueText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString()
  if (value === undefined || (typeof value === 'object' && value !== null)) return undefined
  return String(value)
}

type PartWriter = (event: Pick<Event, 'tag' | 'record'>, captures: readonly (string | undefined)[]) => string

function partWriter(part: AccessorPart, missing: string, written = (text: string) => text): PartWriter {
  const put = (text: string | undefined): string => (text === undefined ? missing : written(text))
  if (part.kind === 'capture') return (_event, captures) => put(captures[part.index])
  const read = part.kind === 'tag' ? tagReader(part.index) : fieldReader(part.path)
  return (event) => put(valueText(read(event)))
}

function tagReader(index: number | undefined): Accessor {
  return index === undefined ? ({ tag }) => tag : ({ tag }) => tag.split('.')[index]
}

function fieldReader(path: Path): Accessor {
  const [first, ...rest] = path
  if (typeof first !== 'string') return () => undefined
  if (rest.length === 0) return ({ record }) => own(record, first)
  return ({ record }) => {
    let value = own(record, first)
    for (const key of rest) value = step(value, key)
    return value
  }
}

function step(value: Value | undefined, key: string | number): Value | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as Value | undefined) : undefined
  return own(value as EventRecord, String(key))
}

/** Records may be named `constructor` or `__proto__` by whoever sends them. */
function own(record: EventRecord, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
