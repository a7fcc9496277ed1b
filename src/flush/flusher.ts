import type { Cancel, Clock } from '../base/clock.js'
import type { Cursor } from '../log/cursor.js'
import type { CursorGroup } from '../log/cursor-group.js'
import type { Logger } from '../plugin/context.js'
import type { Output } from '../plugin/define.js'
import { AgentError, messageOf, PartialError, PermanentError, RetryLater } from '../plugin/errors.js'
import type { Bisection, Part } from './bisection.js'
import { Breaker } from './breaker.js'
import type { DeadLetter } from './dead-letter.js'
import { type Flight, flightOf } from './flight.js'
import { FlushFigures } from './flush-figures.js'
import { flushOnce } from './flush-once.js'
import { giveUp } from './give-up.js'
import type { RetrySettings } from './retry.js'
import { type Settlement, settlementOf } from './settlement.js'

export interface FlushSettings {
  readonly id: string
  readonly maxBatchBytes: number
  readonly maxBatchAgeMs: number
  readonly maxInFlight: number
  readonly timeoutMs: number
  /** How many retries a batch gets; Infinity for no limit. */
  readonly retryLimit: number
  readonly retry: RetrySettings
}

export interface FlushParts {
  readonly output: Output
  readonly cursors: CursorGroup
  readonly deadLetter: DeadLetter
  readonly clock: Clock
  readonly log: Logger
}

/** Whether whoever waits for what is left waits for a destination that does not answer, too. */
export type Patience = 'patient' | 'impatient'

/** How long a disk that cannot be read is left alone. */
const loadRetryMs = 1000

/** While the agent stops there is no time for back-off. */
const drainRetryMs = 200

/**
 * Brings one output's events to it: takes batches off the cursor, lends them to the output, settles what was delivered and
 * keeps what was not. Everything that may let it go on (new events, an aged batch, a flush that ended, a probe) calls `pump`.
 */
export class Flusher {
  readonly figures = new FlushFigures()
  readonly #settings: FlushSettings
  readonly #parts: FlushParts
  readonly #breaker: Breaker
  readonly #inFlight = new Set<Flight>()
  readonly #again: Flight[] = []
  readonly #stop = new AbortController()
  #pumpQueued = false
  #draining: Patience | undefined
  /** When something was taken off each lane: one that is urgent is not the reason that another waits again. */
  readonly #takenAt = new Map<Cursor, number>()
  #flights = 0
  /** Whether the last flush failed, which the log has told. */
  #failing = false
  #loading = false
  /** Those whose disk could not be read a moment ago. */
  readonly #unreadable = new Set<Cursor>()
  /** When the next batch may be taken, while nothing else brings it about. */
  #dueAt = Infinity
  #cancelDue: Cancel | undefined
  #onIdle: (() => void) | undefined

  constructor(settings: FlushSettings, parts: FlushParts) {
    this.#settings = settings
    this.#parts = parts
    this.#breaker = new Breaker(parts.clock, settings.retry, () => this.#pump())
    parts.cursors.onReadable = () => this.#queuePump()
  }

  /** Id of the output. */
  get id(): string {
    return this.#settings.id
  }

  get breaker(): 'closed' | 'open' | 'probing' {
    return this.#breaker.state
  }

  /**
   * Resolves once everything read so far is settled. Batches go without waiting to age. With patience an open breaker probes now, and
   * what fails is soon tried again; without it a destination that does not answer is not waited for.
   */
  drain(patience: Patience = 'patient'): Promise<void> {
    this.#draining = patience
    return new Promise((resolve) => {
      this.#onIdle = resolve
      if (patience === 'patient') this.#breaker.probe()
      this.#pump()
    })
  }

  /** Ends flushes that are under way; what they held is left unsettled. Then closes the output. */
  async stop(): Promise<void> {
    this.#parts.cursors.onReadable = () => undefined
    this.#stop.abort(new AgentError('FLUSH_STOPPED', `${this.#settings.id}: the agent is stopping`))
    this.#breaker.stop()
    this.#cancelDue?.()
    await this.#parts.output.close?.()
  }

  /** Once a turn of the event loop is enough, however many chunks were opened in it. */
  #queuePump(): void {
    if (this.#pumpQueued) return
    this.#pumpQueued = true
    setImmediate(() => {
      this.#pumpQueued = false
      this.#pump()
    })
  }

  #pump(): void {
    while (!this.#stop.signal.aborted && this.#inFlight.size < this.#breaker.limit(this.#settings.maxInFlight)) {
      const flight = this.#again.shift() ?? this.#takeWhenDue()
      if (!flight?.bisection.part) break
      this.#inFlight.add(flight)
      void this.#attempt(flight, flight.bisection.part)
    }
    if (this.#isIdle || this.#isGivenUp) this.#onIdle?.()
  }

  get #isGivenUp(): boolean {
    return this.#draining === 'impatient' && this.#inFlight.size === 0 && this.#breaker.state !== 'closed'
  }

  get #isIdle(): boolean {
    const isBusy = this.#inFlight.size > 0 || this.#again.length > 0 || this.#loading
    return !isBusy && this.#parts.cursors.readable.length === 0
  }

  #takeWhenDue(): Flight | undefined {
    const readable = this.#parts.cursors.readable.filter((cursor) => !this.#unreadable.has(cursor))
    if (readable.length === 0) return undefined
    const batchAgeMs = this.#draining || this.#isFull(readable) ? 0 : this.#settings.maxBatchAgeMs
    const waitMs = Math.min(...readable.map((cursor) => this.#waitMs(cursor, batchAgeMs)))
    if (waitMs > 0) return this.#takeAfter(waitMs)
    for (const cursor of readable) {
      if (this.#waitMs(cursor, batchAgeMs) > 0) continue
      const flight = cursor.mustLoad ? this.#load(cursor) : this.#takeFrom(cursor)
      if (flight) return flight
      if (this.#loading) return undefined
    }
    return undefined
  }

  #isFull(readable: readonly Cursor[]): boolean {
    return readable.reduce((sum, cursor) => sum + cursor.unreadBytes, 0) >= this.#settings.maxBatchBytes
  }

  /** How long there is nothing to take off a lane, in milliseconds: events wait for others, a backlog for its turn. */
  #waitMs(cursor: Cursor, batchAgeMs: number): number {
    const dueAt = (this.#takenAt.get(cursor) ?? -Infinity) + batchAgeMs
    return Math.max(cursor.waitMs, batchAgeMs === 0 ? 0 : dueAt - this.#parts.clock.monotonic())
  }

  #takeFrom(cursor: Cursor): Flight | undefined {
    const flight = flightOf(cursor, cursor.take(this.#settings.maxBatchBytes), this.#flights++)
    if (flight) this.#takenAt.set(cursor, this.#parts.clock.monotonic())
    else if (cursor.waitMs > 0) this.#takeAfter(cursor.waitMs)
    else if (cursor.mustLoad) this.#load(cursor)
    return flight
  }

  /** What comes next is on disk. */
  #load(cursor: Cursor): undefined {
    if (this.#loading) return
    this.#loading = true
    void cursor
      .load()
      .catch((error: unknown) => this.#leaveAlone(cursor, error))
      .then(() => {
        this.#loading = false
        return this.#pump()
      })
  }

  /** What other lanes have goes on meanwhile. */
  #leaveAlone(cursor: Cursor, error: unknown): void {
    const { log, clock } = this.#parts
    log.error(`events on disk cannot be read: ${messageOf(error)}`)
    this.#unreadable.add(cursor)
    void clock.sleep(loadRetryMs, this.#stop.signal).then(() => {
      this.#unreadable.delete(cursor)
      return this.#pump()
    })
  }

  #takeAfter(waitMs: number): undefined {
    const dueAt = this.#parts.clock.monotonic() + waitMs
    if (this.#dueAt <= dueAt) return
    this.#cancelDue?.()
    this.#dueAt = dueAt
    this.#cancelDue = this.#parts.clock.after(waitMs, () => {
      this.#dueAt = Infinity
      this.#pump()
    })
  }

  async #attempt(flight: Flight, part: Part): Promise<void> {
    part.attempts++
    const { output, clock } = this.#parts
    const limits = { clock, timeoutMs: this.#settings.timeoutMs, stop: this.#stop.signal }
    const failure = await flushOnce(output, flight, part, limits).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (!failure) this.#delivered(flight)
    else if (!this.#stop.signal.aborted) this.#undelivered(flight, part, failure.error)
    if (!flight.bisection.part) await this.#settle(flight)
    this.#inFlight.delete(flight)
    this.#pump()
  }

  #delivered(flight: Flight): void {
    this.#answered()
    this.figures.succeededAt = this.#parts.clock.monotonic()
    flight.bisection.delivered()
    this.#goOn(flight)
  }

  #undelivered(flight: Flight, part: Part, error: unknown): void {
    const { bisection } = flight
    if (isRefusal(error)) {
      this.#answered()
      this.figures.refusals++
      refuse(bisection, error)
      this.#goOn(flight)
    } else if (part.attempts > this.#settings.retryLimit && this.#draining !== 'patient') {
      // While the agent stops, tries follow each other too fast to count: what is left stays pending.
      this.#breaker.close() // what comes next has tries of its own
      this.figures.givenUp++
      bisection.giveUp('retry_limit', messageOf(error))
    } else this.#retry(flight, part, error)
  }

  /** What of the batch is undecided yet goes before anything newer. */
  #goOn(flight: Flight): void {
    if (!flight.bisection.part) return
    this.#again.push(flight)
    this.#again.sort((one, other) => one.number - other.number)
  }

  #retry(flight: Flight, part: Part, error: unknown): void {
    const { cursors, log } = this.#parts
    const askedMs = error instanceof RetryLater ? error.afterMs : undefined
    const waitMs = this.#breaker.failed(this.#draining === 'patient' ? drainRetryMs : askedMs)
    this.#failing = true
    cursors.ledger.retried += part.count
    this.figures.retries++
    this.#goOn(flight)
    const fields = { events: part.count, attempt: part.attempts, next_try_ms: Math.round(waitMs) }
    log.warn(`delivery failed: ${messageOf(error)}`, fields)
    // An error that is none of ours may be a bug: say where.
    if (error instanceof Error && !(error instanceof AgentError)) log.debug(error.stack ?? error.message)
  }

  async #settle(flight: Flight): Promise<void> {
    const { letters, losses } = settlementOf(flight)
    if (letters.length > 0 && !(await this.#giveUp(letters))) return
    for (const [index, chunk] of flight.chunks.entries()) {
      const { count = 0, reason } = losses[index] ?? {}
      this.figures.settled(chunk, count)
      flight.cursor.settle(chunk, count, reason)
    }
  }

  #giveUp(letters: Settlement['letters']): Promise<boolean> {
    const { cursors, output } = this.#parts
    const from = { output: this.#settings.id, destination: output.destination }
    const sent = letters.map((letter) => ({ ...from, ...letter }))
    return giveUp(sent, { ...this.#parts, ledger: cursors.ledger }, this.#stop.signal)
  }

  /** The destination spoke, be it to refuse. */
  #answered(): void {
    this.#breaker.close()
    if (this.#failing) this.#parts.log.info('delivering again')
    this.#failing = false
  }
}

/** Events that cannot be read today cannot be read tomorrow. */
function isRefusal(error: unknown): error is AgentError {
  const isUnreadable = error instanceof AgentError && error.code === 'EVENT_CORRUPT'
  return error instanceof PermanentError || error instanceof PartialError || isUnreadable
}

function refuse(bisection: Bisection, error: AgentError): void {
  if (error instanceof PartialError) bisection.partly(error.rejected, error.together)
  else bisection.refused(error.message, error instanceof PermanentError && error.all)
}
