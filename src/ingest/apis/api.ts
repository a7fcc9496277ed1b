import type { HttpExchange } from '../../http/http-exchange.js'
import type { Routes } from '../../http/router.js'
import type { InputContext } from '../../plugin/context.js'
import type { Endpoint } from '../endpoint.js'

/** What clients of another server ask for. */
export interface Api {
  /** Requests that bring events, and what to make of each. */
  readonly endpoints: { readonly [route: string]: (exchange: HttpExchange) => Endpoint }
  /** What such clients ask for besides, such as which version they talk to. */
  readonly routes?: Routes
}

export type ApiOf = (context: InputContext) => Api
