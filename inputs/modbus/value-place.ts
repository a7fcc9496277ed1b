import { compileLayout } from 'sluice/layout'
import { isBitTable, type Place } from 'sluice/modbus'
import { AgentError, type EventRecord, messageOf } from 'sluice/plugin'
import type { FieldOptions, ModbusOptions } from './options.js'
import { type Start, startOf } from './register-number.js'

/** A value, where it stands and how it is read. */
export interface ValuePlace extends Place {
  /** Its fields of a record, from the data of an answer that begins with the register or bit `start`. */
  readonly read: (data: Uint8Array, start: number) => EventRecord
}

type Limits = Pick<ModbusOptions, 'max_registers' | 'unit_suffix'>

/** Throws an AgentError that names the field where its declaration makes no sense. */
export function compileField(
  where: string,
  field: FieldOptions,
  deviceOrder: 'be' | 'le' | 'badc' | 'cdab',
  limits: Limits,
): ValuePlace {
  try {
    const start = startOf(field)
    const own = { ...field, order: field.order ?? deviceOrder }
    const place = isBitTable(start.table) ? bitPlace(field, start) : registerPlace(own, start, limits)
    refuseBehindLast(place)
    return place
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw new AgentError('MODBUS_FIELD', `${where}: "${field.name}": ${messageOf(error)}`, { cause: error })
  }
}

/** Bits of an answer come with the first one lowest (Modbus Application Protocol V1.1b3, 6.1). */
function bitPlace({ name, type, bits, scale }: FieldOptions, { table, address }: Start): ValuePlace {
  if (type !== 'u16' || bits !== undefined || scale !== undefined) {
    throw new AgentError(
      'MODBUS_FIELD',
      `expected neither type, bits nor scale in table ${table}, whose values are bits`,
    )
  }
  const read: ValuePlace['read'] = (data, start) => {
    const bit = address - start
    return { [name]: (((data[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1 }
  }
  return { table, address, size: 1, read }
}

type Order = 'be' | 'le' | 'badc' | 'cdab'

function registerPlace(
  field: FieldOptions & { readonly order: Order },
  { table, address }: Start,
  { max_registers: most, unit_suffix }: Limits,
): ValuePlace {
  const { length, order, ...rest } = field
  const bits = /^[uif](\d+)$/.exec(field.type)?.[1]
  const bytes = bits === undefined ? length : Number(bits) / 8
  if (bytes === undefined) throw new AgentError('MODBUS_FIELD', `length: expected with type ${field.type}, got none`)
  const size = Math.ceil(bytes / 2)
  if (size > most) throw new AgentError('MODBUS_FIELD', `expected at most ${most} registers, got ${size}`)
  const type = bits === undefined ? field.type : `${field.type}${orderOf(order, size)}`
  const values = compileLayout([{ ...rest, length, type }], { unit_suffix })
  const isSwapped = bits === undefined && (order === 'le' || order === 'badc')
  const read: ValuePlace['read'] = (data, start) => {
    const at = (address - start) * 2
    const own = data.subarray(at, at + size * 2)
    return values(isSwapped ? Buffer.from(own).swap16() : own)
  }
  return { table, address, size, read }
}

/** In a single register no words can be swapped, only its bytes. */
function orderOf(order: Order, size: number): Order {
  if (size > 1) return order
  return order === 'le' || order === 'badc' ? 'le' : 'be'
}

function refuseBehindLast({ address, size }: Place): void {
  if (address + size <= 65_536) return
  throw new AgentError('MODBUS_FIELD', `address: expected one that leaves room for ${size} registers, got ${address}`)
}
