import { unavailable } from 'sluice/http'
import { connect, type Target } from 'sluice/net'
import { FastCgiConnection } from './connection.js'

export interface PoolSettings {
  readonly target: Target
  readonly connectMs: number
  readonly mostConnections: number
}

/** Connections to one responder: those that rest are used again. */
export class ConnectionPool {
  readonly #settings: PoolSettings
  readonly #resting: FastCgiConnection[] = []
  readonly #closed = new AbortController()
  #count = 0

  constructor(settings: PoolSettings) {
    this.#settings = settings
  }

  /** Throws an HttpError 503 where there are too many, or whatever keeps it from connecting. `isFresh`: none that rests. */
  async take(isFresh: boolean): Promise<FastCgiConnection> {
    const resting = isFresh ? undefined : this.#resting.pop()
    if (resting) {
      resting.wake()
      return resting
    }
    return this.#open()
  }

  /** It may be used again. */
  rest(connection: FastCgiConnection): void {
    if (this.#closed.signal.aborted) return connection.destroy()
    connection.rest()
    this.#resting.push(connection)
  }

  close(): void {
    this.#closed.abort()
    for (const connection of this.#resting.splice(0)) connection.destroy()
  }

  async #open(): Promise<FastCgiConnection> {
    const { target, connectMs: timeoutMs, mostConnections } = this.#settings
    if (this.#count >= mostConnections && this.#resting.length > 0) this.#resting.shift()?.destroy()
    else if (this.#count >= mostConnections)
      throw unavailable(`${mostConnections} requests are being served already`, 1, 'too_many_connections')
    this.#count++
    try {
      const socket = await connect(target, { timeoutMs, signal: this.#closed.signal })
      const connection = new FastCgiConnection(socket, () => this.#gone(connection))
      return connection
    } catch (error) {
      this.#count--
      throw error
    }
  }

  #gone(connection: FastCgiConnection): void {
    this.#count--
    const at = this.#resting.indexOf(connection)
    if (at >= 0) this.#resting.splice(at, 1)
  }
}
