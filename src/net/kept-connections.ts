import type { Cancel, Clock } from '../base/clock.js'

/** A connection that can wait for its next use. */
export interface Keepable {
  /** False once it has failed, or the peer has closed it. */
  readonly usable: boolean
  /** Ends it; what was written before still goes out. */
  close(): void
}

export interface KeptSettings<C extends Keepable> {
  readonly open: (signal: AbortSignal) => Promise<C>
  readonly keep: boolean
  readonly idleMs: number
  readonly clock: Clock
}

/** Connections that wait for the next flush. There are as many as flushes under way at once. */
export class KeptConnections<C extends Keepable> {
  readonly #settings: KeptSettings<C>
  readonly #idle = new Map<C, Cancel>()

  constructor(settings: KeptSettings<C>) {
    this.#settings = settings
  }

  /** One that is open still, else a new one. It is the caller's alone until it is given back. */
  async take(signal: AbortSignal): Promise<C> {
    for (const [connection, cancel] of this.#idle) {
      this.#idle.delete(connection)
      cancel()
      if (connection.usable) return connection
    }
    return this.#settings.open(signal)
  }

  give(connection: C): void {
    const { keep, clock, idleMs } = this.#settings
    if (!keep) return connection.close()
    const close = (): void => {
      this.#idle.delete(connection)
      connection.close()
    }
    this.#idle.set(connection, clock.after(idleMs, close))
  }

  close(): void {
    for (const [connection, cancel] of this.#idle) {
      cancel()
      connection.close()
    }
    this.#idle.clear()
  }
}
