import type { Connections } from 'sluice/net'
import type { Batch, Output, Template } from 'sluice/plugin'
import type { Connection } from './connection.js'
import { type Message, messageOf } from './message.js'
import { runsOf } from './runs.js'

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
      const messages = await Promise.all(runs.map((run) => messageOf(run, connection.settings.message)))
      const due = messages.filter(({ ackId }) => ackId === undefined || !this.#acknowledged.has(ackId))
      await connection.deliver(due, signal, (ackId) => this.#remember(ackId))
      this.#forget(messages)
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

  #forget(messages: readonly Message[]): void {
    for (const { ackId } of messages) if (ackId !== undefined) this.#acknowledged.delete(ackId)
  }
}
