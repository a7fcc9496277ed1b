import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** The way to a server, which a test can cut; both sides see the connection end at once, as where a link goes down. */
export class Link {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #silent = false
  #watching: (() => void)[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<Link> {
    const server = createServer()
    const link = new Link(server)
    server.on('connection', (near) => link.#join(near, connect(port, '127.0.0.1')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return link
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Connections that are open, counted at both ends. */
  get open(): number {
    return this.#sockets.size
  }

  /** Resolves once the condition holds; it is looked at whenever a connection ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  /** Ends every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** From now on nothing goes through, and nobody is told: a half-open connection. */
  silence(isSilent: boolean): void {
    this.#silent = isSilent
  }

  async close(): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (bytes) => void (this.#silent || to.write(bytes)))
      from.on('error', () => undefined)
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
        for (const resolve of this.#watching.splice(0)) resolve()
      })
    }
  }
}
