import type { Cancel, Clock } from 'sluice/plugin'
import type { Connection } from './connection.js'

export interface KeptSettings {
  readonly open: (signal: AbortSignal) => Promise<Connection>
  readonly keep: boolean
  readonly idleMs: number
  readonly clock: Clock
}

/** Connections that wait for the next flush. There are as many as flushes under way at once. */
export class KeptConnections {
  readonly #settings: KeptSettings
  readonly #idle = new Map<Connection, Cancel>()

  constructor(settings: KeptSettings) {
    this.#settings = settings
  }

  /** One that is open still, else a new one. It is the caller's alone until it is given back. */
  async take(signal: AbortSignal): Promise<Connection> {
    for (const [connection, cancel] of this.#idle) {
      this.#idle.delete(connection)
      cancel()
      if (connection.usable) return connection
    }
    return this.#settings.open(signal)
  }

  give(connection: Connection): void {
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
