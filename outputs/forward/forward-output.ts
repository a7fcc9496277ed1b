import type { Connections } from 'sluice/net'
import type { Batch, Output, Template } from 'sluice/plugin'
import type { Connection } from './connection.js'
import { ackIdOf, messageOf } from './message.js'
import { type Run, runsOf } from './runs.js'

export interface ForwardParts {
  readonly where: string
  readonly connections: Connections<Connection>
  readonly tag: Template | undefined
}

/** Acknowledgements remembered for retries; a batch has a few, so this is more than can be under way. */
const mostRemembered = 4096

/** Sends batches to a Fluentd or its kin. A retry sends only what the server has not acknowledged before. */
export class ForwardOutput implements Output {
  readonly #parts: ForwardParts
  readonly #acknowledged = new Set<string>()

  constructor(parts: ForwardParts) {
    this.#parts = parts
  }

  get destination(): string {
    return this.#parts.where
  }

  async flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const { connections, tag } = this.#parts
    const runs = runsOf(batch.chunks, tag)
    await connections.use(signal, async (connection) => {
      const due =
        this.#acknowledged.size === 0 ? runs : runs.filter(({ name }) => !this.#acknowledged.has(ackIdOf(name)))
      // Compressed once there is somebody to take it, and anew for each retry: those come with pauses, and to keep the result would
      // hold beside the log, for as long as the server is down, what no budget counts.
      const messages = await Promise.all(due.map((run) => messageOf(run, connection.settings.message)))
      await connection.deliver(messages, signal, (ackId) => this.#remember(ackId))
      this.#forget(runs)
    })
  }

  close(): Promise<void> {
    this.#parts.connections.close()
    return Promise.resolve()
  }

  #remember(ackId: string): void {
    this.#acknowledged.add(ackId)
    const [oldest] = this.#acknowledged
    if (this.#acknowledged.size > mostRemembered && oldest !== undefined) this.#acknowledged.delete(oldest)
  }

  #forget(runs: readonly Run[]): void {
    if (this.#acknowledged.size > 0) for (const { name } of runs) this.#acknowledged.delete(ackIdOf(name))
  }
}
