/** Function codes that read (Modbus Application Protocol V1.1b3, 6.1 to 6.4), by the table that they read. */
export const tables = { coil: 0x01, discrete: 0x02, holding: 0x03, input: 0x04 } as const

export type Table = keyof typeof tables

export interface ReadRequest {
  /** Address of the device on its line, 0 to 255. */
  readonly unit: number
  readonly table: Table
  /** The first, counted from 0. */
  readonly start: number
  /** Bits or registers, by the table. */
  readonly count: number
}

/** A request under way: what its answer must look like. */
export interface Query {
  readonly transaction: number
  readonly unit: number
  readonly code: number
  /** Bytes of data that the answer has. */
  readonly size: number
  /** The request itself, without a frame. */
  readonly pdu: Uint8Array
}

/** What a device said; nothing, or nothing that could be understood, in its time. */
export type Answer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'garbled' }

/** Set in the function code of an answer that is an exception (section 7). */
const exceptionFlag = 0x80

/** Coils and discrete inputs are bits, the other tables are registers of 16 bits. */
export function isBitTable(table: Table): boolean {
  return table === 'coil' || table === 'discrete'
}

export function queryOf({ unit, table, start, count }: ReadRequest, transaction: number): Query {
  const code = tables[table]
  const pdu = Uint8Array.of(code, start >> 8, start & 0xff, count >> 8, count & 0xff)
  return { transaction, unit, code, size: isBitTable(table) ? Math.ceil(count / 8) : count * 2, pdu }
}

/** Bytes of the answer that begins so; undefined where it is none to this query. */
export function answerLength({ code, size }: Query, first: number | undefined, second: number | undefined) {
  if (first === (code | exceptionFlag)) return 2
  return first === code && second === size ? size + 2 : undefined
}

/** Whether these bytes, without their frame, answer the query. */
export function isAnswer(query: Query, pdu: Uint8Array): boolean {
  return answerLength(query, pdu[0], pdu[1]) === pdu.length
}

/** Reads what `isAnswer` said yes to. */
export function readAnswer(pdu: Uint8Array): Answer {
  const [first = 0, second = 0] = pdu
  if (first & exceptionFlag) return { kind: 'exception', code: second }
  return { kind: 'data', data: pdu.subarray(2) }
}
