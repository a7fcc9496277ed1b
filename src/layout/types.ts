import type { Value } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'
import { narrowed } from './integer.js'
import { floatReader, integerReader, type NumberReader, type Order } from './numbers.js'

/** Types as a layout names them. */
export const typePattern =
  '^(bool|[ui]8|[ui](16|32|64)(be|le|badc|cdab)?|[ui](24|40|48|56)(be|le)?|f(32|64)(be|le|badc|cdab)?|bcd(be|le)?|ascii|utf8|hex|bytes)$'

type Reader<T> = (bytes: Buffer, at: number, end: number) => T

/** How bytes from `at` up to `end` are read. A number is worked on further; any other value is what it is. */
export type FieldType =
  | { readonly kind: 'number'; readonly size: number; readonly unsigned: boolean; readonly read: NumberReader }
  | { readonly kind: 'digits'; readonly read: Reader<number | bigint | null> }
  | { readonly kind: 'value'; readonly size?: number; readonly read: Reader<Value> }

/** A type by its name. Throws an AgentError where there is none of it. */
export function readType(name: string, endian: 'big' | 'little'): FieldType {
  if (!new RegExp(typePattern).test(name)) {
    throw new AgentError(
      'LAYOUT_TYPE',
      `type: expected one such as u8, i16le, f32be, bcd, bool or ascii, got "${name}"`,
    )
  }
  const plain = plainTypes[name]
  return plain ?? orderedType(name, endian)
}

function orderedType(name: string, endian: 'big' | 'little'): FieldType {
  const [, kind = '', bits = '', order = endian === 'big' ? 'be' : 'le'] =
    /^([a-z]+?)(\d*)(be|le|badc|cdab)?$/.exec(name) ?? []
  if (kind === 'bcd') return { kind: 'digits', read: order === 'le' ? bcdBackwards : bcd }
  const size = Number(bits) / 8
  const read = kind === 'f' ? floatReader(size, order as Order) : integerReader(kind === 'i', size, order as Order)
  return { kind: 'number', size, unsigned: kind === 'u', read }
}

const plainTypes: { readonly [name: string]: FieldType } = {
  bool: { kind: 'value', size: 1, read: (bytes, at) => bytes[at] !== 0 },
  ascii: { kind: 'value', read: (bytes, at, end) => trimmed(bytes.toString('latin1', at, end)) },
  utf8: { kind: 'value', read: (bytes, at, end) => trimmed(bytes.toString('utf8', at, end)) },
  hex: { kind: 'value', read: (bytes, at, end) => bytes.toString('hex', at, end) },
  bytes: { kind: 'value', read: (bytes, at, end) => new Uint8Array(bytes.subarray(at, end)) },
}

/** Fields of text are filled up with zeros or blanks. */
function trimmed(text: string): string {
  const end = text.indexOf('\0')
  return (end < 0 ? text : text.slice(0, end)).trimEnd()
}

/** Two decimal digits a byte; null where one is none, as devices write that there is no value. */
function bcd(bytes: Buffer, at: number, end: number): number | bigint | null {
  return decimal(bytes.toString('hex', at, end))
}

function bcdBackwards(bytes: Buffer, at: number, end: number): number | bigint | null {
  return decimal(Buffer.from(bytes.subarray(at, end).toReversed()).toString('hex'))
}

function decimal(digits: string): number | bigint | null {
  return /^\d+$/.test(digits) ? narrowed(BigInt(digits)) : null
}
