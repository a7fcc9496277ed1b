import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface ReceivedMessage {
  readonly bytes: Buffer
  readonly isBinary: boolean
}

/** A server of the package `ws` that keeps what it gets. It answers pings unless told otherwise. */
export class MessageServer {
  readonly messages: ReceivedMessage[] = []
  readonly requests: IncomingMessage[] = []
  readonly sockets: WebSocket[] = []
  answersPings = true
  /** Answers the request itself with this status instead of agreeing. */
  refusal: number | undefined
  /** Called with each connection. */
  greet: (webSocket: WebSocket) => void = () => undefined
  readonly #server: Server
  readonly #webSockets: WebSocketServer
  #watching: (() => void)[] = []

  constructor({ tls, maxPayload = 1e8 }: { tls?: { key: string; cert: string }; maxPayload?: number } = {}) {
    this.#server = tls ? createSecureServer(tls) : createServer()
    this.#webSockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload })
    this.#server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.requests.push(request)
      if (this.refusal !== undefined) return void socket.end(`HTTP/1.1 ${this.refusal} No\r\n\r\n`)
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket))
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  /** Resolves once the condition holds; it is looked at whenever something comes or ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const webSocket of this.sockets) webSocket.terminate()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #accept(webSocket: WebSocket): void {
    this.sockets.push(webSocket)
    webSocket.on('error', () => undefined)
    webSocket.on('ping', (data) => {
      if (this.answersPings) webSocket.pong(data)
      this.#changed()
    })
    webSocket.on('message', (bytes, isBinary) => {
      this.messages.push({ bytes: bytes as Buffer, isBinary })
      this.#changed()
    })
    webSocket.on('close', () => this.#changed())
    this.greet(webSocket)
    this.#changed()
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}
