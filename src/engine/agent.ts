import { systemClock } from '../base/clock.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { LedgerFigures } from '../observe/ledger.js'
import type { AgentStatus } from '../observe/status.js'
import type { EventRecord } from '../event/event.js'
import type { EventTime } from '../event/event-time.js'
import { AgentError } from '../plugin/errors.js'
import { adminOf, type Admin } from './admin.js'
import { type AgentParts, BuildError, builderOf } from './build.js'
import { checkEvent, checkTime } from './check-event.js'
import { Engine } from './engine.js'
import type { Estate } from './estate.js'
import { type AgentConfig, checkedConfig, libraryLog } from './library.js'
import type { Pipeline } from './pipeline.js'
import type { DiskFigures } from './stored-log.js'
import { retrySettings } from './settings.js'
import { StatusSource } from './status.js'
import { tagRoutesOf } from './tag-routes.js'

/** A pipeline with an engine to run it. */
export class Agent {
  readonly #pipeline: Pipeline
  readonly #engine: Engine
  readonly #status: StatusSource
  readonly #admin: Admin | undefined
  #stopped = false

  private constructor(pipeline: Pipeline, engine: Engine, status: StatusSource, admin: Admin | undefined) {
    this.#pipeline = pipeline
    this.#engine = engine
    this.#status = status
    this.#admin = admin
  }

  /** An agent inside a program. Throws an AgentError that names every mistake of the configuration. */
  static async create(config: AgentConfig): Promise<Agent> {
    const { checked, warnings } = await checkedConfig(config)
    const log = libraryLog(checked, config.log)
    for (const warning of warnings) log.write('warn', 'config', warning)
    return Agent.build(checked, { log })
  }

  /** Makes every plugin of a checked configuration, without starting any. Throws a BuildError that names all that refused. */
  static async build(checked: CheckedPipeline, parts: AgentParts): Promise<Agent> {
    const builder = await builderOf(checked, parts)
    const pipeline = await builder.build()
    if (!pipeline) throw new BuildError(builder.failures)
    const { clock = systemClock, log, reloads, failed } = parts
    const settings = { graceMs: checked.service.grace, retry: retrySettings(checked.service), inputFailed: failed }
    const status = new StatusSource(checked, pipeline, clock, () => reloads?.count ?? 0)
    const adminFailed = (error: unknown): void => failed?.('admin', error)
    const routes = tagRoutesOf(checked, pipeline)
    const { retry } = settings
    const admin = adminOf(pipeline, { status, routes, clock, log, retry, reloads, failed: adminFailed })
    return new Agent(pipeline, new Engine(pipeline, settings, clock), status, admin)
  }

  /**
   * Finds what an earlier run left on disk, takes over what the agent before left in memory, and starts the inputs. Rejects with an
   * AgentError where what is on disk must not be touched.
   */
  async start(estate?: Estate): Promise<void> {
    await this.#engine.start(estate)
    if (!this.#stopped) this.#admin?.start()
  }

  /** Resolves when all inputs are done for good, which those without an end never are. */
  get done(): Promise<void> {
    return this.#engine.done
  }

  /** Stops the inputs and delivers what is left, for as long as the grace lasts. A second call ends the grace now. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#engine.stop()
    await this.#admin?.stop()
  }

  /** Stops so that another agent of this process can go on: resolves with what waits in memory alone, which senders hear is not safe. */
  async handOver(): Promise<Estate> {
    this.#stopped = true
    await this.#engine.handOver()
    await this.#admin?.stop()
    const { lanes, ledger, storagePath } = this.#pipeline
    return { chunks: lanes.unstored, ledger: ledger.toJSON(), storagePath }
  }

  /**
   * Takes one event through the input `lib`. Resolves when the promise of that input's `ack` level holds (`received`: at once),
   * and after waiting for room where there is none; rejects when the event is none, was dropped, or not taken since the agent stops.
   */
  async emit(tag: string, record: EventRecord, time?: EventTime | Date): Promise<void> {
    checkEvent(tag, record)
    const at = checkTime(time)
    const context = this.#pipeline.inputs.find(({ name }) => name === 'lib')?.context
    if (!context)
      throw new AgentError('ENGINE_NO_LIB', 'emit: expected an input "lib" in the pipeline, got none; add one')
    await this.#engine.ready()
    await context.room()
    if (this.#stopped) throw new AgentError('ENGINE_STOPPED', 'emit: the agent was stopped; no event is taken any more')
    await new Promise<void>((resolve, reject) => {
      context.emit(tag, record, at, (error) => (error ? reject(error) : resolve()))
    })
  }

  /** Events that were not delivered and that no disk has: what ends with the process, once the agent has stopped. */
  get unstored(): number {
    return this.#pipeline.lanes.all.reduce((sum, { lane }) => sum + lane.unstoredCount, 0)
  }

  /** What the log costs the disk; of no lane where everything is held in memory. */
  get disk(): DiskFigures {
    return this.#pipeline.storage?.figures ?? { lanes: {}, checkpoint_bytes: 0 }
  }

  /** How long the oldest event has waited for each output, in milliseconds; 0 where none waits. */
  get oldestPending(): { readonly [output: string]: number } {
    return this.#pipeline.lanes.oldestPending
  }

  /** How all of it fares now. */
  get status(): AgentStatus {
    return this.#status.read()
  }

  get ledger(): LedgerFigures {
    return this.#pipeline.ledger.toJSON()
  }
}
