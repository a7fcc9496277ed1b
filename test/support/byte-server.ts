import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'

/** Takes whatever is sent to it and says nothing. */
export class ByteServer {
  /** All bytes of each connection, in the order of the connections. */
  readonly streams: Buffer[] = []
  readonly sockets: Socket[] = []
  /** Called with each connection before anything is read. */
  greet: (socket: Socket) => void = () => undefined
  readonly #server: Server
  #watching: (() => void)[] = []

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    const accept = (socket: Socket): void => this.#accept(socket)
    this.#server = tls ? createSecureServer(tls, accept) : createServer(accept)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** What all connections sent, one behind the other. */
  get text(): string {
    return Buffer.concat(this.streams).toString()
  }

  async listen(at: { readonly port?: number; readonly path?: string } = {}): Promise<this> {
    this.#server.listen(at.path === undefined ? { port: at.port ?? 0, host: '127.0.0.1' } : { path: at.path })
    await once(this.#server, 'listening')
    return this
  }

  /** Resolves once the condition holds; it is looked at whenever something comes or ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #accept(socket: Socket): void {
    const index = this.streams.push(Buffer.alloc(0)) - 1
    this.sockets.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#changed())
    this.greet(socket)
    if (!socket.isPaused()) {
      socket.on('data', (bytes) => {
        this.streams[index] = Buffer.concat([this.streams[index] ?? Buffer.alloc(0), bytes])
        this.#changed()
      })
    }
    this.#changed()
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}
