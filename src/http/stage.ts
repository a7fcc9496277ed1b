import type { Duplex } from 'node:stream'

import type { Connection } from './connection.js'
import type { HttpExchange } from './http-exchange.js'

/** True: this stage answers the request, or has done so, and nobody else is asked. */
export type Owned = boolean | Promise<boolean>

/**
 * What takes part in serving: each hook is called at its stage, for stages in their order in the configuration. A hook that throws
 * an HttpError has the request answered with it; anything else that is thrown is a 500, a line in the log and a count.
 */
export interface Stage {
  /** Stage 10: a connection was accepted, and no byte of it read, nor any TLS. False closes it. */
  onConnect?(connection: Connection): boolean
  /** Stage 20: the head of a request is there, its body was not read. */
  onRequest?(exchange: HttpExchange): Owned
  /** Stage 30: asked in turn until one owns the request. */
  handle?(exchange: HttpExchange): Owned
  /** A client wants to speak another protocol, such as WebSocket; after stage 20, instead of stage 30. The owner owns the socket too. */
  onUpgrade?(exchange: HttpExchange, socket: Duplex, head: Buffer): Owned
  /** Stage 40: the request was answered, or the client went away before. Not called for those that were upgraded. */
  onResponse?(exchange: HttpExchange): void
  /** Stage 50: a connection ended. */
  onClose?(connection: Connection): void
  /** Runs beside the server until the signal is aborted: timers, watched files. */
  run?(signal: AbortSignal): Promise<void>
}

/** Where a stage applies: a request must have one of the hosts and be at the path or below it. */
export interface Place {
  /** Names in lower case, `*.example.com` for all below one; none means any. */
  readonly hosts?: readonly string[]
  /** Begins with a slash; `/` unless given. */
  readonly path?: string
}

export interface PlacedStage extends Place {
  /** Name of the instance, for logs and counters. */
  readonly id: string
  readonly stage: Stage
}
