import type { ServerOf, Upstream } from 'sluice/net'
import { AgentError, type Batch, type Output, PartialError, RetryLater } from 'sluice/plugin'
import { EdgeModel, type Report } from './edge-model.js'
import type { EdgeSession } from './edge-session.js'
import type { SparkplugOptions } from './options.js'
import { merged, type ReportMaker, reportsOf } from './reports.js'

export interface Broker extends ServerOf<SparkplugOptions> {
  /** A session of its own for the node, in which nothing is published yet. */
  readonly open: (model: EdgeModel, signal: AbortSignal) => Promise<EdgeSession>
}

export interface SparkplugParts {
  readonly upstream: Upstream<Broker>
  readonly reports: ReportMaker
  readonly maxMetrics: number
  readonly maxSamples: number
}

const hostWaitMs = 1000

/** Reports batches over one connection, which it opens when there is none. A node is never at two brokers at once. */
export class SparkplugOutput implements Output {
  readonly #parts: SparkplugParts
  readonly #model: EdgeModel
  #session: EdgeSession | undefined
  /** Where the session is. */
  #broker: Broker | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(parts: SparkplugParts) {
    this.#parts = parts
    this.#model = new EdgeModel(parts.maxMetrics)
  }

  get destination(): string {
    return this.#parts.upstream.where
  }

  /** One flush at a time, so that samples keep their order. */
  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const before = this.#turn.catch(() => undefined)
    this.#turn = before.then(() => this.#flush(batch, signal))
    return this.#turn
  }

  async close(): Promise<void> {
    this.#parts.upstream.close()
    await this.#leave()
  }

  async #flush(batch: Batch, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const refused = new Map<number, string>()
    for (const reports of reportsOf(batch, this.#parts.reports, this.#model, refused))
      await this.#report(reports, signal)
    if (refused.size === 0) return
    const text = `${this.destination}: ${refused.size} events cannot be reported`
    throw new PartialError('SPARKPLUG_REFUSED_PART', text, refused)
  }

  async #report(reports: readonly Report[], signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.upstream.run(signal, (broker) => this.#reportTo(broker, reports, signal))
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'SPARKPLUG_HOST_OFFLINE') throw error
      throw new RetryLater('SPARKPLUG_HOST_OFFLINE', error.message, hostWaitMs)
    }
  }

  /** Another broker may have the primary host: where it is not, the next one is tried (Sparkplug 3.0, "Multiple MQTT Server Topology"). */
  async #reportTo(broker: Broker, reports: readonly Report[], signal: AbortSignal): Promise<void> {
    const session = await this.#open(broker, signal)
    if (!session.isAwaited) {
      throw new AgentError(
        'SPARKPLUG_HOST_OFFLINE',
        `${broker.where}: the primary host is not online; events wait for it`,
      )
    }
    await session.report(merged(reports, this.#parts.maxSamples), signal)
    if (!session.usable) throw new AgentError('SPARKPLUG_HOST_OFFLINE', `${broker.where}: the connection has ended`)
  }

  async #open(broker: Broker, signal: AbortSignal): Promise<EdgeSession> {
    if (this.#session?.usable && this.#broker === broker) return this.#session
    await this.#leave()
    this.#session = await broker.open(this.#model, signal)
    this.#broker = broker
    return this.#session
  }

  async #leave(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    await session?.close()
  }
}
