import type { Duplex } from 'node:stream'

import type { Cancel, Clock } from '../base/clock.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import { Outbox } from './outbox.js'

/** What is used of a WebSocket of the package `ws`, whose types nobody needs to have who uses these. */
interface WebSocket {
  readonly protocol: string
  readonly readyState: number
  readonly OPEN: number
  on(event: 'error', told: () => void): unknown
  on(event: 'message', told: (data: unknown, isBinary: boolean) => void): unknown
  once(event: 'close' | 'pong', told: () => void): unknown
  send(data: string | Uint8Array): void
  ping(): void
  pause(): void
  resume(): void
  close(code: number, reason: string): void
  terminate(): void
}

export interface WebSocketPeerSettings {
  readonly clock: Clock
  readonly log: Logger
  /** Most bytes that wait for a client that reads too slowly; then its oldest messages are dropped. */
  readonly limitBytes: number
  /**
   * Takes each message, in order: text as a string, anything else as bytes. While its promise is unsettled no more is read. Where
   * it fails the connection is closed with 1011, and the log says why.
   */
  readonly message?: (data: string | Buffer, peer: WebSocketPeer) => void | Promise<void>
}

/** How often a peer is asked whether it is there; one that did not answer the last time is cut off. */
const pingMs = 30_000

/** The other end of one WebSocket. */
export class WebSocketPeer {
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #settings: WebSocketPeerSettings
  readonly #outbox: Outbox<string | Uint8Array>
  #cancelPing: Cancel = () => undefined
  #taken = Promise.resolve()
  #untaken = 0

  constructor(webSocket: WebSocket, socket: Duplex, settings: WebSocketPeerSettings) {
    this.#webSocket = webSocket
    this.#socket = socket
    this.#settings = settings
    this.#outbox = new Outbox<string | Uint8Array>({
      limitBytes: settings.limitBytes,
      sizeOf: (data) => Buffer.byteLength(data),
      write: (data) => this.#write(data),
    })
    socket.on('drain', () => this.#outbox.drained())
    webSocket.on('error', () => undefined) // it closes by itself, with the code that says why
    webSocket.on('message', (data, isBinary) => this.#received(data as Buffer, isBinary))
    this.closed = new Promise((resolve) => {
      webSocket.once('close', () => {
        this.#cancelPing()
        this.#outbox.clear()
        resolve()
      })
    })
    this.#ping(true)
  }

  /** Messages that this peer was too slow for. */
  get dropped(): number {
    return this.#outbox.dropped
  }

  /** What was agreed on; empty where nothing was. */
  get protocol(): string {
    return this.#webSocket.protocol
  }

  /** Text or bytes. Never waits; without effect once the connection closes. */
  send(data: string | Uint8Array): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#outbox.send(data)
  }

  /** Says why (RFC 6455, section 7.4) and gives the peer time to agree. */
  close(code = 1000, reason = ''): void {
    this.#webSocket.close(code, reason)
  }

  #write(data: string | Uint8Array): boolean {
    this.#webSocket.send(data)
    return !this.#socket.writableNeedDrain
  }

  #ping(isAlive: boolean): void {
    if (!isAlive) return this.#webSocket.terminate()
    let answered = false
    this.#webSocket.once('pong', () => (answered = true))
    this.#webSocket.ping()
    this.#cancelPing = this.#settings.clock.after(pingMs, () => this.#ping(answered))
  }

  #received(data: Buffer, isBinary: boolean): void {
    const content = isBinary ? data : data.toString()
    if (this.#untaken === 0) this.#follow(this.#take(content))
    else this.#follow(this.#taken.then(() => this.#take(content)))
  }

  #take(content: string | Buffer): void | Promise<void> {
    try {
      return this.#settings.message?.(content, this)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** One read of the socket may hold many messages: those behind an unsettled one wait for it. */
  #follow(taken: void | Promise<void>): void {
    if (!taken) return
    if (this.#untaken++ === 0) this.#webSocket.pause()
    this.#taken = taken
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        if (--this.#untaken === 0) this.#webSocket.resume()
      })
  }

  #failed(error: unknown): void {
    this.#settings.log.error('a WebSocket failed', { reason: messageOf(error) })
    this.close(1011)
  }
}
