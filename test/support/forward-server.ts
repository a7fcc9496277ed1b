import { decodeMultiStream } from '@msgpack/msgpack'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { readEvents } from '../../src/event/entry-reader.js'
import type { Event } from '../../src/event/event.js'
import { ackOf } from './forward-ack.js'

export interface ForwardMessage {
  readonly tag: string
  readonly events: readonly Event[]
  readonly options: {
    readonly size?: number
    readonly chunk?: string
    readonly compressed?: string
    readonly [name: string]: unknown
  }
  readonly socket: Socket
}

/** A server of the forward protocol that does as a test tells it. By default it takes and acknowledges everything. */
export class ForwardServer {
  readonly messages: ForwardMessage[] = []
  /** How many connections were made so far. */
  connections = 0
  /** Called with each message, after it was noted. */
  answer: (message: ForwardMessage) => void = acknowledge
  /** Called with each PING. */
  pinged: (ping: readonly unknown[], socket: Socket) => void = () => undefined
  /** Called with each connection, before anything is read. */
  greet: (socket: Socket) => void = () => undefined
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #watching: (() => void)[] = []

  constructor() {
    this.#server = createServer((socket) => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      this.greet(socket)
      if (!socket.isPaused() && !socket.destroyed) void this.#read(socket).catch(() => socket.destroy())
      this.#changed()
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get events(): Event[] {
    return this.messages.flatMap(({ events }) => events)
  }

  async listen(at: { readonly port?: number; readonly path?: string } = {}): Promise<this> {
    this.#server.listen(at.path === undefined ? { port: at.port ?? 0, host: '127.0.0.1' } : { path: at.path })
    await once(this.#server, 'listening')
    return this
  }

  async close(): Promise<void> {
    this.#server.close()
    this.dropAll()
    await once(this.#server, 'close')
  }

  /** Ends every connection. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves once the condition holds; it is looked at after each message and connection. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  async #read(socket: Socket): Promise<void> {
    for await (const value of decodeMultiStream(socket)) {
      if (Array.isArray(value) && value[0] === 'PING') {
        this.pinged(value, socket)
        continue
      }
      const [tag, body, options] = value as [string, Uint8Array, ForwardMessage['options']]
      const entries = options.compressed === 'gzip' ? gunzipSync(body) : body
      const events = [...readEvents({ tag, entries, count: options.size ?? 0 })]
      const message = { tag, events, options, socket }
      this.messages.push(message)
      this.answer(message)
      this.#changed()
    }
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}

export function acknowledge({ socket, options }: ForwardMessage): void {
  if (options.chunk !== undefined) socket.write(ackOf(options.chunk))
}
