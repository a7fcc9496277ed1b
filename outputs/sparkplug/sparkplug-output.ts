import { AgentError, type Batch, type Output, PartialError, RetryLater } from 'sluice/plugin'
import { EdgeModel, type Report } from './edge-model.js'
import type { EdgeSession } from './edge-session.js'
import { merged, type ReportMaker, reportsOf } from './reports.js'

export interface SparkplugParts {
  readonly where: string
  /** A session of its own for the node, in which nothing is published yet. */
  readonly open: (model: EdgeModel, signal: AbortSignal) => Promise<EdgeSession>
  readonly reports: ReportMaker
  readonly maxMetrics: number
  readonly maxSamples: number
}

const hostWaitMs = 1000

/** Reports batches over one connection, which it opens when there is none. */
export class SparkplugOutput implements Output {
  readonly #parts: SparkplugParts
  readonly #model: EdgeModel
  #session: EdgeSession | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(parts: SparkplugParts) {
    this.#parts = parts
    this.#model = new EdgeModel(parts.maxMetrics)
  }

  get destination(): string {
    return this.#parts.where
  }

  /** One flush at a time, so that samples keep their order. */
  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const before = this.#turn.catch(() => undefined)
    this.#turn = before.then(() => this.#flush(batch, signal))
    return this.#turn
  }

  async close(): Promise<void> {
    await this.#session?.close()
    this.#session = undefined
  }

  async #flush(batch: Batch, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const refused = new Map<number, string>()
    for (const reports of reportsOf(batch, this.#parts.reports, this.#model, refused))
      await this.#report(reports, signal)
    if (refused.size === 0) return
    const text = `${this.#parts.where}: ${refused.size} events cannot be reported`
    throw new PartialError('SPARKPLUG_REFUSED_PART', text, refused)
  }

  async #report(reports: readonly Report[], signal: AbortSignal): Promise<void> {
    const session = await this.#open(signal)
    if (!session.isAwaited) {
      const text = `${this.#parts.where}: the primary host is not online; events wait for it`
      throw new RetryLater('SPARKPLUG_HOST_OFFLINE', text, hostWaitMs)
    }
    await session.report(merged(reports, this.#parts.maxSamples), signal)
    if (!session.usable)
      throw new AgentError('SPARKPLUG_HOST_OFFLINE', `${this.#parts.where}: the connection has ended`)
  }

  async #open(signal: AbortSignal): Promise<EdgeSession> {
    if (!this.#session?.usable) this.#session = await this.#parts.open(this.#model, signal)
    return this.#session
  }
}
