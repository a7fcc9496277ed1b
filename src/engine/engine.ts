import { setMaxListeners } from 'node:events'

import type { Clock } from '../base/clock.js'
import type { Patience } from '../flush/flusher.js'
import type { RetrySettings } from '../flush/retry.js'
import { AgentError } from '../plugin/errors.js'
import { type Estate, Heir } from './estate.js'
import { runInput } from './input-runner.js'
import type { Pipeline } from './pipeline.js'

export interface EngineSettings {
  /** Longest that a stop may take to deliver what is left, in milliseconds. */
  readonly graceMs: number
  /** Back-off of inputs that fail. */
  readonly retry: RetrySettings
  /** Called each time before one of them, named by its id, waits to run again. */
  readonly inputFailed?: ((id: string, error: unknown) => void) | undefined
}

/** How long closing the outputs, and then writing the inputs' states, may take once the grace has passed. */
const closeMs = 1000

/** How long a reload waits at most for inputs to stop and for outputs that answer: nothing is lost that it does not wait for. */
const handOverMs = 5000

/** How long moving what is left to disk may take: a slow card takes a while for a memory full of events. */
const storeMs = 30_000

/** Runs a pipeline: starts its inputs, and stops in order: inputs first, then what they left is flushed, then the outputs. */
export class Engine {
  readonly #pipeline: Pipeline
  readonly #settings: EngineSettings
  readonly #clock: Clock
  readonly #stopInputs = new AbortController()
  readonly #endNow = new AbortController()
  #done: Promise<void> = Promise.resolve()
  #started: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(pipeline: Pipeline, settings: EngineSettings, clock: Clock) {
    this.#pipeline = pipeline
    this.#settings = settings
    this.#clock = clock
    // Every input and every worker listens to it: there may be many, and none of them leaks.
    setMaxListeners(0, this.#stopInputs.signal)
  }

  /** Resolves when all inputs are done for good, which those without an end never are. */
  get done(): Promise<void> {
    return this.#done
  }

  /** Resolves once the inputs run; rejects where what is on disk must not be touched, and takes nothing over then. */
  start(estate?: Estate): Promise<void> {
    this.#started ??= this.#start(estate)
    return this.#started
  }

  /** Resolves once events may be taken: at once where nothing is on disk. */
  async ready(): Promise<void> {
    if (!this.#pipeline.storage) return
    if (!this.#started) throw new AgentError('ENGINE_NOT_STARTED', 'expected a started agent; await start() first')
    await this.#started
  }

  async #start(estate: Estate | undefined): Promise<void> {
    const { storage } = this.#pipeline
    const heir = estate && new Heir(estate, this.#pipeline)
    if (storage) await storage.open(heir)
    else heir?.takeOver()
    this.#pipeline.lanes.expire(this.#clock, this.#stopInputs.signal)
    this.#startInputs()
  }

  #startInputs(): void {
    if (this.#stopping) return
    const { retry } = this.#settings
    const runs = this.#pipeline.inputs.map(({ id, input, log }) => {
      const failed = (error: unknown): void => this.#settings.inputFailed?.(id, error)
      return runInput({ input, log, clock: this.#clock, retry, failed }, this.#stopInputs.signal)
    })
    this.#done = Promise.all(runs).then(() => undefined)
  }

  /** Stops the inputs and delivers what is left, for as long as the grace lasts. A second call ends the grace now. */
  stop(): Promise<void> {
    if (this.#stopping) this.#endNow.abort()
    else this.#stopping = this.#stop(this.#settings.graceMs, 'patient')
    return this.#stopping
  }

  /** Stops so that another pipeline can go on with what is left: does not wait for destinations that do not answer. */
  handOver(): Promise<void> {
    this.#stopping ??= this.#stop(Math.min(this.#settings.graceMs, handOverMs), 'impatient')
    return this.#stopping
  }

  async #stop(graceMs: number, patience: Patience): Promise<void> {
    await this.#started?.catch(() => undefined) // whoever started it was told
    const grace = this.#clock.sleep(graceMs, this.#endNow.signal)
    this.#stopInputs.abort(new AgentError('ENGINE_STOPPED', 'the agent is stopping'))
    for (const { lane } of this.#pipeline.lanes.all) lane.budget.end()
    await Promise.race([this.#done, grace])
    await Promise.race([this.#drain(patience), grace])
    this.#endNow.abort()
    await this.#close()
  }

  /** Delivers what the log holds. */
  async #drain(patience: Patience): Promise<void> {
    for (const { lane } of this.#pipeline.lanes.all) lane.seal()
    await Promise.all(this.#pipeline.flushers.map((flusher) => flusher.drain(patience)))
  }

  async #close(): Promise<void> {
    const { flushers, inputs, lanes, storage } = this.#pipeline
    await this.#within(closeMs, Promise.allSettled(flushers.map((flusher) => flusher.stop())))
    if (storage) await this.#within(storeMs, storage.close())
    for (const { lane } of lanes.all) lane.abandon()
    await this.#within(closeMs, Promise.allSettled(inputs.map(({ state }) => state.flush())))
    storage?.release()
  }

  async #within(limitMs: number, work: Promise<unknown>): Promise<void> {
    const enough = new AbortController()
    await Promise.race([work, this.#clock.sleep(limitMs, enough.signal)])
    enough.abort()
  }
}
