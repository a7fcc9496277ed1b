import type { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { Parser } from '../plugin/context.js'

/** How the body of one request becomes events: JSON straight from its bytes, or by a parser. */
export type Reading = 'json' | 'ndjson' | Parser

/** One way of sending events: what a kind of request holds, and what its clients want to hear. */
export interface Endpoint {
  /** Throws an HttpError 415 where the body is of a type that nobody sends here. */
  reading(exchange: HttpExchange): Reading
  /** The content coding of bodies that the parser itself undoes, if there is one. */
  readonly packed?: 'snappy'
  /** Of events that hold none themselves; that of the input unless given. */
  tag?(exchange: HttpExchange): string
  /** Says yes, once the promise of the `ack` level holds. */
  accept(exchange: HttpExchange, count: number): true
  /** Says no in this API's own words; without it there is a problem document. */
  refuse?(exchange: HttpExchange, error: HttpError): true
}
