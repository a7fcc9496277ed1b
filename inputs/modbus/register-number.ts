import type { Table } from 'sluice/modbus'
import { AgentError } from 'sluice/plugin'
import type { FieldOptions } from './options.js'

/** Where a value begins, as it is on the wire. */
export interface Start {
  readonly table: Table
  /** Counted from 0. */
  readonly address: number
}

/** The first digit of the numbers that manuals give, for each table (Modicon, PI-MBUS-300); coils have none. */
const digits: { readonly [digit: number]: Table } = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' }

/** By `register`, or else by `table` and `address`. Throws an AgentError where both are there, or neither. */
export function startOf({ register, table, address }: FieldOptions): Start {
  if (register === undefined) {
    if (address === undefined) throw wrong('expected an address, or a register as manuals number them, got neither')
    return { table: table ?? 'holding', address }
  }
  if (address !== undefined) throw wrong('expected an address or a register, got both; leave one out')
  if (table !== undefined) throw wrong('expected no table beside register, whose first digit says it')
  return numbered(register)
}

/** 40001 and 400001 are both the first holding register. */
function numbered(register: number): Start {
  const base = register > 99_999 ? 100_000 : 10_000
  const table = digits[Math.floor(register / base)]
  const address = (register % base) - 1
  if (table !== undefined && address >= 0 && address <= 65_535) return { table, address }
  throw wrong(`register: expected a number such as 40001 or 400001, from 1 in each table, got ${register}`)
}

function wrong(message: string): AgentError {
  return new AgentError('MODBUS_FIELD', message)
}
