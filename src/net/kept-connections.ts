import type { Cancel, Clock } from '../base/clock.js'

/** A connection that can wait for its next use. */
export interface Keepable {
  /** False once it has failed, the peer has closed it, or it is not to be used again. */
  readonly usable: boolean
  /** Ends it; what was written before still goes out. */
  close(): void
  /** Ends it at once, and for good. */
  fail(error: Error): void
}

/** Connections to a peer, or to one of several. */
export interface Connections<C extends Keepable> {
  /** Does work over a connection that is nobody else's meanwhile. It is kept for the next work unless this one throws. */
  use<T>(signal: AbortSignal, work: (connection: C) => Promise<T>): Promise<T>
  /** Closes those that wait, and those in use once that work is done. */
  close(): void
}

export interface KeptSettings<C extends Keepable> {
  readonly open: (signal: AbortSignal) => Promise<C>
  readonly keep: boolean
  readonly idleMs: number
  readonly clock: Clock
}

/** Connections that wait for the next flush. There are as many as flushes under way at once. */
export class KeptConnections<C extends Keepable> implements Connections<C> {
  readonly #settings: KeptSettings<C>
  readonly #idle = new Map<C, Cancel>()
  #isClosed = false

  constructor(settings: KeptSettings<C>) {
    this.#settings = settings
  }

  async use<T>(signal: AbortSignal, work: (connection: C) => Promise<T>): Promise<T> {
    const connection = this.#takeIdle() ?? (await this.#settings.open(signal))
    try {
      const result = await work(connection)
      this.#give(connection)
      return result
    } catch (error) {
      connection.fail(error as Error)
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    for (const [connection, cancel] of this.#idle) {
      cancel()
      connection.close()
    }
    this.#idle.clear()
  }

  /** One that is open still. */
  #takeIdle(): C | undefined {
    for (const [connection, cancel] of this.#idle) {
      this.#idle.delete(connection)
      cancel()
      if (connection.usable) return connection
    }
    return undefined
  }

  #give(connection: C): void {
    const { keep, clock, idleMs } = this.#settings
    if (!keep || this.#isClosed || !connection.usable) return connection.close()
    const close = (): void => {
      this.#idle.delete(connection)
      connection.close()
    }
    this.#idle.set(connection, clock.after(idleMs, close))
  }
}
