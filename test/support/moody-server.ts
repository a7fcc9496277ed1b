import { once } from 'node:events'
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { connect } from '../../src/net/connect.js'
import { Exchange } from '../../src/net/exchange.js'
import type { Server } from '../../src/net/server.js'
import { systemClock } from '../../src/base/clock.js'

export type Mood = 'well' | 'silent' | 'cutting'

/** A server that answers each line with `ok`, reads and says nothing, or hangs up in the middle of what it is sent. */
export class MoodyServer {
  mood: Mood
  readonly lines: string[] = []
  connections = 0
  #server: NetServer | undefined
  readonly #sockets = new Set<Socket>()
  #port = 0

  constructor(t: TestContext, mood: Mood = 'well') {
    this.mood = mood
    t.after(() => this.close())
  }

  /** It keeps its port when it is closed and opened again. */
  async open(): Promise<this> {
    this.#server = createServer((socket) => this.#serve(socket)).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  get server(): Server {
    const target = { host: '127.0.0.1', port: this.#port }
    return { where: `127.0.0.1:${this.#port}`, target, weight: 1, isStandby: false }
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(server, 'close')
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (bytes) => {
      if (this.mood === 'cutting') socket.destroy()
      if (this.mood !== 'well') return
      this.lines.push(bytes.toString().trimEnd())
      socket.write('ok\n')
    })
  }
}

/** What one flush may take of a server before it counts as silent. */
export const answerMs = 150

/** Sends a line and waits until the server has said `ok`. */
export async function deliver({ target, where }: Server, line: string, signal: AbortSignal): Promise<void> {
  const socket = await connect(target, { timeoutMs: answerMs, signal })
  const exchange = new Exchange(systemClock, () => socket.destroy())
  let answered = false
  socket.on('error', (error) => exchange.fail(error))
  socket.on('close', () => exchange.fail(new Error(`${where} closed the connection`)))
  socket.on('data', () => {
    answered = true
    exchange.moved()
  })
  socket.write(`${line}\n`)
  const late = (): Error => new Error(`${where} said nothing within ${answerMs} ms`)
  await exchange.within({ timeoutMs: answerMs, late, signal }, () => exchange.until(() => answered))
  socket.destroy()
}
