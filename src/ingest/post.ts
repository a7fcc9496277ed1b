import type { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { Endpoint, Reading } from './endpoint.js'
import type { Inflate } from './inflate.js'

/** A request on its way to become events. */
export interface Post {
  readonly exchange: HttpExchange
  readonly endpoint: Endpoint
  readonly reading: Reading
  /** Undoes the coding of the body, if there is one. */
  readonly inflate: Inflate | undefined
  /** Given by the client, so that a retry is known again. */
  readonly key: string | undefined
}

/** A post that was taken, or was not. */
export interface Outcome {
  readonly post: Post
  /** Events of the body. */
  readonly count: number
  readonly error: HttpError | undefined
}
