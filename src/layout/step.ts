import type { Value } from '../event/event.js'
import { setField } from '../event/record.js'
import { AgentError } from '../plugin/errors.js'
import { type Bits, readBits } from './bits.js'
import type { LayoutField, LayoutSettings } from './layout.js'
import { type FieldType, readType } from './types.js'
import { refuseForText, type ValueOf, valueOf } from './value-of.js'

export type RecordInMaking = Record<string, Value>

/** Reads one field from `at` up to `end` into a record; answers its number, by which others may be there or not. */
export type Put = (record: RecordInMaking, bytes: Buffer, at: number, end: number) => number | bigint | undefined

/** The bytes that a field takes, undefined for all that are left, and what becomes of them. */
export interface Step {
  readonly size: number | undefined
  readonly put: Put
}

/** Throws an AgentError where the declaration makes no sense. */
export function compileStep(field: LayoutField, settings: LayoutSettings): Step {
  const type = readType(field.type, settings.endian ?? 'big')
  const size = sizeOf(field, type)
  const name = nameOf(field, settings)
  if (type.kind === 'value') {
    refuseForText(field)
    return { size, put: putValue(name, type) }
  }
  if (type.kind === 'digits') return { size, put: putDigits(name, type, valueOf(field)) }
  return { size, put: putNumber(name, type, field) }
}

function sizeOf({ length, type: name }: LayoutField, type: FieldType): number | undefined {
  const size = type.kind === 'digits' ? undefined : type.size
  if (size === undefined || length === undefined) return size ?? length
  throw new AgentError('LAYOUT_FIELD', `length: expected only with bcd, ascii, utf8, hex or bytes, got it with ${name}`)
}

function nameOf({ name, unit }: LayoutField, { unit_suffix: suffix }: LayoutSettings): string | undefined {
  return suffix && name !== undefined && unit !== undefined ? `${name}_${unit}` : name
}

function putValue(name: string | undefined, { read }: FieldType & { kind: 'value' }): Put {
  return (record, bytes, at, end) => {
    if (name !== undefined) setField(record, name, read(bytes, at, end))
    return undefined
  }
}

function putDigits(name: string | undefined, { read }: FieldType & { kind: 'digits' }, value: ValueOf): Put {
  return (record, bytes, at, end) => {
    const number = read(bytes, at, end)
    if (name !== undefined) setField(record, name, number === null ? null : value(number))
    return number ?? undefined
  }
}

function putNumber(name: string | undefined, type: FieldType & { kind: 'number' }, field: LayoutField): Put {
  const { read, size, unsigned } = type
  const { bits } = field
  if (bits !== undefined && !unsigned) {
    throw new AgentError('LAYOUT_BITS', `bits: expected only with an unsigned type, got it with ${field.type}`)
  }
  const value = valueOf(field)
  if (bits === undefined) {
    return (record, bytes, at) => {
      const number = read(bytes, at)
      if (name !== undefined) setField(record, name, value(number))
      return number
    }
  }
  const put = putBits(name, bits, { size, value })
  return (record, bytes, at) => put(record, read(bytes, at))
}

interface BitsOfNumber {
  readonly size: number
  readonly value: ValueOf
}

/** Named bits are fields of the record; the others are what the field itself is, and what `when` looks at. */
function putBits(name: string | undefined, bits: unknown, { size, value }: BitsOfNumber) {
  if (typeof bits !== 'object' || bits === null) {
    const part = readBits(String(bits), size)
    return (record: RecordInMaking, number: number | bigint): number | bigint => {
      const found = part.of(number)
      if (name !== undefined) setField(record, name, flagOr(value(found), part))
      return found
    }
  }
  const parts = Object.entries(bits).map(([each, text]) => [each, readBits(String(text), size)] as const)
  return (record: RecordInMaking, number: number | bigint): number | bigint => {
    for (const [each, part] of parts) setField(record, each, flagOr(part.of(number), part))
    return number
  }
}

/** One bit is true or false, unless it stands for a text, or for no value. */
function flagOr(value: Value, { width }: Bits): Value {
  return width === 1 && typeof value === 'number' ? value === 1 : value
}
