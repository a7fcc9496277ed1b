import type { Duplex } from 'node:stream'

import type { Connection } from './connection.js'
import type { HttpExchange } from './http-exchange.js'
import { placeTest } from './place.js'
import type { Owned, PlacedStage, Stage } from './stage.js'

interface Hook {
  readonly applies: (exchange: HttpExchange) => boolean
  readonly stage: Stage
}

type Ask = (stage: Stage, exchange: HttpExchange) => Owned | undefined

/** Calls the hooks of all stages, in order. Nothing is made for a request that no hook has to wait for. */
export class StageRunner {
  readonly #hooks: readonly Hook[]
  readonly #onResponse: readonly Hook[]

  constructor(stages: readonly PlacedStage[]) {
    this.#hooks = stages.map((placed) => ({ stage: placed.stage, applies: placeTest(placed) }))
    this.#onResponse = this.#hooks.filter(({ stage }) => 'onResponse' in stage)
  }

  /** Whether every stage lets the connection in. */
  connect(connection: Connection): boolean {
    return this.#hooks.every(({ stage }) => stage.onConnect?.(connection) ?? true)
  }

  close(connection: Connection): void {
    for (const { stage } of this.#hooks) stage.onClose?.(connection)
  }

  /** Stages 20 and 30; whether one of them owns the request. */
  serve(exchange: HttpExchange): Owned {
    const owned = this.#ask(exchange, askFirst, 0)
    if (owned === false) return this.#ask(exchange, askHandler, 0)
    return owned === true || owned.then((is) => is || this.#ask(exchange, askHandler, 0))
  }

  upgrade(exchange: HttpExchange, socket: Duplex, head: Buffer): Owned {
    const ask: Ask = (stage) => stage.onUpgrade?.(exchange, socket, head)
    const owned = this.#ask(exchange, askFirst, 0)
    if (owned === false) return this.#ask(exchange, ask, 0)
    return owned === true || owned.then((is) => is || this.#ask(exchange, ask, 0))
  }

  respond(exchange: HttpExchange): void {
    for (const { applies, stage } of this.#onResponse) if (applies(exchange)) stage.onResponse?.(exchange)
  }

  #ask(exchange: HttpExchange, ask: Ask, from: number): Owned {
    const hooks = this.#hooks
    for (let at = from; at < hooks.length; at++) {
      const { applies, stage } = hooks[at] as Hook
      if (!applies(exchange)) continue
      const owned = ask(stage, exchange)
      if (owned === true) return true
      if (owned) return owned.then((is) => is || this.#ask(exchange, ask, at + 1))
    }
    return false
  }
}

const askFirst: Ask = (stage, exchange) => stage.onRequest?.(exchange)
const askHandler: Ask = (stage, exchange) => stage.handle?.(exchange)
