import type { Query } from './pdu.js'

/** What was found among bytes that came: how many need not be looked at again, and the answer if it is whole. */
export interface Found {
  readonly skip: number
  /** Bytes of `skip` that belong to no answer of this query. */
  readonly foreign: number
  readonly pdu?: Uint8Array
}

/** How requests and answers stand on a line. */
export interface Framing {
  /** Answers tell which request they belong to. */
  readonly numbered: boolean
  encode(query: Query): Uint8Array
  /** Looks for the answer; all else, such as noise, echoes and answers to others, is stepped over. */
  find(bytes: Buffer, query: Query): Found
}
