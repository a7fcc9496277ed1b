import type { ReloadAnswer, Reloads } from '../admin/reloads.js'
import { type Clock, systemClock } from '../base/clock.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { Log } from '../observe/log.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { Agent } from './agent.js'
import type { Estate } from './estate.js'
import { type Kept, nothingKept } from './kept.js'
import type { Supervisor } from './supervisor.js'
import { unrouted } from './unrouted.js'

/** A configuration that was read and found good, and where its agent logs to. */
export interface Configuration {
  readonly checked: CheckedPipeline
  readonly log: Log
}

/** What a configuration is now, or what is wrong with it. */
export type Reading = Configuration | { readonly problems: readonly string[] }

interface Run extends Configuration {
  readonly agent: Agent
  /** What could not listen on its address. */
  readonly deaf: Map<string, string>
}

/** How long the new pipeline has to show that it can listen where it is to. */
const trialMs = 1000

/**
 * An agent whose configuration can be read again while it runs. The new pipeline is made while the old one runs, and takes over only
 * when all of it is good; then the old one stops and leaves what it has in memory to the new one. Where that cannot start, or
 * cannot listen where the old one could, the old configuration takes over once more.
 *
 *     running ──▶ reading ──▶ handing over ──▶ trial ──▶ running
 *        ▲           │ wrong                     │ cannot
 *        └───────────┴─────── the old one ◀──────┘
 */
export class ReloadingAgent implements Reloads {
  readonly #read: () => Promise<Reading>
  readonly #clock: Clock
  readonly #kept: Kept
  readonly #supervisor: Supervisor | undefined
  readonly #stop = new AbortController()
  #run: Run | undefined
  #started: Promise<void> = Promise.resolve()
  #count = 0
  #isBusy = false
  #isAskedAgain = false
  #takingOver: Promise<void> = Promise.resolve()
  #isHurried = false
  #finish: () => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  /** Resolves when all inputs are done for good; rejects where neither the new nor the old configuration can run. */
  readonly done = new Promise<void>((resolve, reject) => {
    this.#finish = resolve
    this.#fail = reject
  })

  private constructor(read: () => Promise<Reading>, clock: Clock, supervisor: Supervisor | undefined) {
    this.#read = read
    this.#clock = clock
    this.#supervisor = supervisor
    this.#kept = nothingKept(clock)
    this.done.catch(() => undefined) // whoever waits for it is told
  }

  /** Makes the agent of a first configuration; `read` reads it again. Throws a BuildError where a plugin refuses its options. */
  static async build(
    first: Configuration,
    read: () => Promise<Reading>,
    clock: Clock = systemClock,
    supervisor?: Supervisor,
  ): Promise<ReloadingAgent> {
    const reloading = new ReloadingAgent(read, clock, supervisor)
    reloading.#run = await reloading.#build(first)
    return reloading
  }

  /** The one that runs. */
  get agent(): Agent {
    return this.#current.agent
  }

  /** The configuration that it runs. */
  get checked(): CheckedPipeline {
    return this.#current.checked
  }

  get log(): Log {
    return this.#current.log
  }

  get count(): number {
    return this.#count
  }

  async start(): Promise<void> {
    this.#started = this.agent.start()
    await this.#started
    this.#watch()
    if (this.#supervisor) void this.#tellOfStart(this.#current)
  }

  /** Reads the configuration again; where it is good, it takes over once the answer was given. */
  async reload(): Promise<ReloadAnswer> {
    if (this.#stop.signal.aborted) return { outcome: 'stopping' }
    if (this.#isBusy) return { outcome: 'in progress' }
    this.#isBusy = true
    this.#supervisor?.reloading()
    await this.#started.catch(() => undefined) // whoever started it was told
    const next = await this.#prepare()
    if (this.#stop.signal.aborted) return { outcome: 'stopping' }
    if ('problems' in next) {
      this.#refused(next.problems)
      return { outcome: 'refused', problems: next.problems }
    }
    this.#takingOver = this.#takeOver(this.#current, next)
    return { outcome: 'begun' }
  }

  /** The same for whoever is not told the outcome: while a reload is under way, another one follows it. */
  reloadSoon(): void {
    if (this.#isBusy) this.#isAskedAgain = true
    else void this.reload()
  }

  /** Stops what runs, once a reload that has begun is through. A second call ends the grace now. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) {
      this.#isHurried = true
      return this.agent.stop()
    }
    this.#stop.abort(new AgentError('ENGINE_STOPPED', 'the agent is stopping'))
    this.#supervisor?.stopping()
    await this.#takingOver
    const stopped = this.agent.stop()
    if (this.#isHurried) void this.agent.stop()
    await stopped
  }

  get #current(): Run {
    if (!this.#run) throw new Error('no agent was built')
    return this.#run
  }

  async #build({ checked, log }: Configuration): Promise<Run> {
    const deaf = new Map<string, string>()
    const failed = (id: string, error: unknown): void => {
      if (error instanceof AgentError && error.code === 'NET_LISTEN') deaf.set(id, error.message)
    }
    const parts = { log, clock: this.#clock, kept: this.#kept, reloads: this, failed }
    return { checked, log, deaf, agent: await Agent.build(checked, parts) }
  }

  async #prepare(): Promise<Run | { readonly problems: readonly string[] }> {
    try {
      const reading = await this.#read()
      return 'problems' in reading ? reading : await this.#build(reading)
    } catch (error) {
      return { problems: messageOf(error).split('\n') }
    }
  }

  #refused(problems: readonly string[]): void {
    const { log } = this.#current
    for (const problem of problems) log.write('error', 'reload', problem)
    log.write('error', 'reload', 'the configuration is wrong; the agent goes on with the one that it has')
    this.#ended(`runs with the configuration that it had, since the new one is wrong: ${problems[0]}`)
  }

  async #takeOver(old: Run, next: Run): Promise<void> {
    next.log.write('info', 'reload', 'the new configuration is good and takes over')
    try {
      const estate = await old.agent.handOver()
      this.#ended(await this.#try(old, next, estate))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Answers how the agent runs then. */
  async #try(old: Run, next: Run, estate: Estate): Promise<string> {
    const { log } = next
    const trouble = await this.#begin(next, estate).then(
      () => this.#trial(old, next),
      (error: unknown) => ({ message: messageOf(error), estate }),
    )
    if (trouble) {
      log.write('error', 'reload', `${trouble.message}; going back to the old configuration`)
      await this.#begin(await this.#build(old), trouble.estate)
      return `runs with the old configuration once more: ${trouble.message}`
    }
    this.#count++
    const lost = unrouted(estate.ledger, next.agent.ledger)
    if (lost)
      log.write('warn', 'reload', 'dropped what waited for outputs that are no more', {
        no_route: lost.events,
        outputs: lost.outputs.join(', '),
      })
    log.write('info', 'reload', 'the agent runs with the new configuration', { reloads: this.#count })
    return runsOf(next)
  }

  async #begin(run: Run, estate: Estate): Promise<void> {
    await run.agent.start(estate)
    this.#run = run
  }

  /** What keeps the new one from listening where it is to, though nothing kept the old one; undefined where all is well. */
  async #trial(old: Run, next: Run): Promise<{ readonly message: string; readonly estate: Estate } | undefined> {
    await this.#clock.sleep(trialMs, this.#stop.signal)
    const [deaf] = [...next.deaf].filter(([id]) => !old.deaf.has(id))
    if (!deaf || this.#stop.signal.aborted) return undefined
    return { message: `${deaf[0]}: ${deaf[1]}`, estate: await next.agent.handOver() }
  }

  /** As long as a new pipeline has, so has the first one. */
  async #tellOfStart(first: Run): Promise<void> {
    await this.#clock.sleep(trialMs, this.#stop.signal)
    if (!this.#stop.signal.aborted && !this.#isBusy && first === this.#run) this.#supervisor?.running(runsOf(first))
  }

  #ended(status: string): void {
    this.#isBusy = false
    if (!this.#stop.signal.aborted) this.#supervisor?.running(status)
    this.#watch()
    if (!this.#isAskedAgain) return
    this.#isAskedAgain = false
    void this.reload()
  }

  /** Inputs that end since another pipeline takes over are not done for good. */
  #watch(): void {
    const { agent } = this
    void agent.done.then(() => (agent === this.agent && !this.#isBusy ? this.#finish() : undefined))
  }
}

function runsOf({ checked, deaf }: Run): string {
  const { inputs, outputs } = checked
  const runs = `runs ${inputs.length} inputs and ${outputs.length} outputs`
  return deaf.size === 0 ? runs : `${runs}; at its start could not listen: ${[...deaf.keys()].join(', ')}`
}
