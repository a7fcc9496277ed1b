import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type Answer = (request: Received, response: ServerResponse) => void

/** A real HTTP server on a port of its own that keeps what it receives and answers as it is told. */
export class HttpDestination {
  readonly requests: Received[] = []
  /** How many connections were ever made. */
  connections = 0
  /** How the next requests are answered; by default all is well. */
  answer: Answer = (_request, response) => void response.writeHead(200).end()
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #watching: (() => void)[] = []

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    this.#server = tls ? createTlsServer(tls) : createServer()
    this.#server.on('connection', (socket: Socket) => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('error', () => undefined) // clients that give up are part of the tests
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('request', (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (bytes: Buffer) => parts.push(bytes))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        this.#take({ method, url, headers, body: Buffer.concat(parts) }, response)
      })
    })
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves once so many requests came in all, bodies included. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size
  }

  /** Resolves once every connection is closed by whoever made it. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#sockets, (socket) => once(socket, 'close')))
  }

  /** Closes every connection, as a server does with one that was idle for long. */
  async dropConnections(): Promise<void> {
    const closed = this.idle()
    for (const socket of this.#sockets) socket.end()
    await closed
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #take(request: Received, response: ServerResponse): void {
    this.requests.push(request)
    for (const resolve of this.#watching.splice(0)) resolve()
    this.answer(request, response)
  }
}
