import type { EventRecord } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'
import { type Condition, readCondition } from './condition.js'
import type { LayoutField, LayoutSettings } from './layout.js'
import { compileStep, type Put, type RecordInMaking } from './step.js'

interface When {
  readonly place: number
  readonly holds: Condition['holds']
}

interface Compiled {
  readonly label: string
  /** Its first byte; undefined for behind the field before. */
  readonly at: number | undefined
  /** Undefined for up to the end. */
  readonly size: number | undefined
  readonly put: Put
  /** Which field, by its place, must have what number for this one to be there. */
  readonly when: When | undefined
}

/**
 * Compiles a layout to what makes a record of a frame. Throws an AgentError that names the field where the declaration makes no
 * sense; the reader throws one where a frame is too short for it.
 */
export function compileLayout(
  fields: readonly LayoutField[],
  settings: LayoutSettings = {},
): (bytes: Uint8Array) => EventRecord {
  const compiled = fields.map((field, place) => compileField(field, place, fields, settings))
  if (!fields.some(({ name, bits }) => name !== undefined || bits !== undefined)) {
    throw new AgentError('LAYOUT_FIELD', 'fields: expected at least one with a name')
  }
  return reader(compiled, settings.allow_short ?? false)
}

function compileField(
  field: LayoutField,
  place: number,
  fields: readonly LayoutField[],
  settings: LayoutSettings,
): Compiled {
  const label = `fields[${place}]${field.name === undefined ? '' : ` "${field.name}"`}`
  try {
    const { size, put } = compileStep(field, settings)
    const when = field.when === undefined ? undefined : conditionOf(field.when, fields.slice(0, place))
    refuseTwice(field, fields.slice(0, place))
    return { label, at: field.at, size, put, when }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    const { code, message } = error
    throw new AgentError(code, `${label}: ${message}`, { cause: error })
  }
}

/** The last field of that name before this one: of several that exclude each other, it is the one that is there. */
function conditionOf(text: string, before: readonly LayoutField[]): Compiled['when'] {
  const { field, holds } = readCondition(text)
  const place = before.findLastIndex(({ name }) => name === field)
  if (place < 0) throw new AgentError('LAYOUT_WHEN', `when: expected the name of a field before it, got "${field}"`)
  if (/^([ui]\d|bcd)/.test(before[place]?.type ?? '')) return { place, holds }
  throw new AgentError('LAYOUT_WHEN', `when: expected a field that is an integer, got "${field}"`)
}

function refuseTwice({ name, when }: LayoutField, before: readonly LayoutField[]): void {
  const same = before.find((other) => name !== undefined && other.name === name)
  if (!same || (when !== undefined && same.when !== undefined)) return
  throw new AgentError('LAYOUT_FIELD', 'name: expected one of its own, or fields that exclude each other by when')
}

function reader(fields: readonly Compiled[], allowShort: boolean): (bytes: Uint8Array) => EventRecord {
  // What conditions look at; a field is read before any condition that names it.
  const numbers = new Array<number | bigint | undefined>(fields.length)
  return (bytes) => {
    const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const record: RecordInMaking = {}
    let next = 0
    for (let place = 0; place < fields.length; place++) {
      const { at = next, size, put, when, label } = fields[place] as Compiled
      numbers[place] = undefined
      if (when && !isMet(when, numbers)) continue
      next = size === undefined ? Math.max(at, frame.length) : at + size
      if (next <= frame.length) numbers[place] = put(record, frame, at, next)
      else if (!allowShort) throw tooShort(label, next, frame.length)
    }
    return record
  }
}

function isMet({ place, holds }: When, numbers: readonly (number | bigint | undefined)[]): boolean {
  const number = numbers[place]
  return number !== undefined && holds(number)
}

function tooShort(label: string, needed: number, got: number): AgentError {
  return new AgentError('LAYOUT_SHORT', `${label}: expected a frame of at least ${needed} bytes, got ${got}`)
}
