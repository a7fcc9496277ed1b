import type { Duplex } from 'node:stream'
import {
  acceptWebSocket,
  type HttpExchange,
  jsonText,
  type Service,
  type ServiceDefinition,
  type ServiceSocket,
  type SocketHandlers,
  type StageContext,
  unavailable,
  type WebSocketPeer,
} from 'sluice/http'
import { AgentError } from 'sluice/plugin'

import { baseOf, type ServiceOptions } from './service-options.js'

type SocketDefinition = NonNullable<ServiceDefinition['sockets']>

export interface SocketParts {
  readonly definition: SocketDefinition
  readonly options: ServiceOptions
  readonly context: StageContext
  /** Takes what a handler threw. */
  readonly failed: (what: string, error: unknown) => void
}

/** A request to speak WebSocket from now on. */
export interface Upgrade {
  readonly exchange: HttpExchange
  readonly socket: Duplex
  readonly head: Buffer
}

/** Most bytes that wait for a client that reads too slowly. */
const waitingBytes = 1024 * 1024

/** The WebSockets of a service, by their paths. */
export class Sockets {
  readonly #parts: SocketParts
  readonly #open = new Map<WebSocketPeer, string>()

  constructor(parts: SocketParts) {
    this.#parts = parts
  }

  broadcast(path: string, message: unknown): void {
    const data = dataOf(message)
    for (const [peer, at] of this.#open) if (at === path) peer.send(data)
  }

  /** False where there is no WebSocket at this path. */
  async upgrade(asked: Upgrade, service: Service): Promise<boolean> {
    const { definition, options } = this.#parts
    const path = asked.exchange.path.slice(baseOf(options.path).length)
    const handlers = Object.hasOwn(definition, path) ? definition[path] : undefined
    if (!handlers) return false
    if (this.#open.size >= options.max_sockets)
      throw unavailable('there are as many WebSockets as there may be', 10, 'too_many_sockets')
    await this.#accept(asked, path, handlers, service)
    return true
  }

  async #accept(asked: Upgrade, path: string, handlers: SocketHandlers, service: Service): Promise<void> {
    const { exchange, socket, head } = asked
    const { context, options } = this.#parts
    const guard = this.#guard(path)
    let opened = Promise.resolve()
    const peer = await acceptWebSocket(exchange, socket, head, {
      clock: context.clock,
      log: context.log,
      limitBytes: waitingBytes,
      messageBytes: options.max_message_size,
      message: (data) => opened.then(() => guard(peer, () => handlers.message?.(client, data, service))),
    })
    const client = clientOf(exchange, peer)
    this.#open.set(peer, path)
    opened = guard(peer, () => handlers.open?.(client, service))
    void peer.closed.then(() => {
      this.#open.delete(peer)
      if (peer.dropped > 0) context.count('dropped_messages', peer.dropped)
      return guard(peer, () => handlers.close?.(client, service))
    })
  }

  /** Whatever a handler throws ends the connection, with 1011 (RFC 6455, section 7.4.1), and nothing else. */
  #guard(path: string): (peer: WebSocketPeer, work: () => void | Promise<void>) => Promise<void> {
    return async (peer, work) => {
      try {
        await work()
      } catch (error) {
        this.#parts.failed(`socket ${path}`, error)
        peer.close(1011)
      }
    }
  }
}

const handlerNames = ['open', 'message', 'close']

/** Throws an AgentError `SERVICE_INVALID`. */
export function socketsOf(sockets: SocketDefinition = {}): SocketDefinition {
  for (const [path, handlers] of Object.entries(sockets)) {
    if (!path.startsWith('/'))
      throw new AgentError('SERVICE_INVALID', `socket "${path}": expected a path such as "/live"`)
    if (!areHandlers(handlers))
      throw new AgentError(
        'SERVICE_INVALID',
        `socket "${path}": expected functions by the names open, message and close`,
      )
  }
  return sockets
}

function areHandlers(handlers: unknown): boolean {
  if (typeof handlers !== 'object' || handlers === null) return false
  return Object.entries(handlers).every(([name, handle]) => handlerNames.includes(name) && typeof handle === 'function')
}

function clientOf(exchange: HttpExchange, peer: WebSocketPeer): ServiceSocket {
  return {
    query: new URLSearchParams(exchange.query),
    user: exchange.user,
    send: (message) => peer.send(dataOf(message)),
    close: (code, reason) => peer.close(code, reason),
  }
}

function dataOf(message: unknown): string | Uint8Array {
  return typeof message === 'string' || message instanceof Uint8Array ? message : jsonText(message).trimEnd()
}
