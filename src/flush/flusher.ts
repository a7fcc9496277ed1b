import type { Cancel, Clock } from '../base/clock.js'
import type { Cursor } from '../log/cursor.js'
import type { Logger } from '../plugin/context.js'
import type { Output } from '../plugin/define.js'
import { AgentError, messageOf, PartialError, PermanentError, RetryLater } from '../plugin/errors.js'
import { Breaker } from './breaker.js'
import type { DeadLetter } from './dead-letter.js'
import { type Flight, flightOf, toBatch } from './flight.js'
import { cutRejected } from './rejected.js'
import type { RetrySettings } from './retry.js'

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
  readonly cursor: Cursor
  readonly deadLetter: DeadLetter
  readonly clock: Clock
  readonly log: Logger
}

/** While the agent stops there is no time for back-off. */
const drainRetryMs = 200

/**
 * Brings one output's events to it: takes batches off the cursor, lends them to the output, settles what was delivered and
 * keeps what was not. Everything that may let it go on (new events, an aged batch, a flush that ended, a probe) calls `pump`.
 */
export class Flusher {
  readonly #settings: FlushSettings
  readonly #parts: FlushParts
  readonly #breaker: Breaker
  readonly #inFlight = new Set<Flight>()
  readonly #failed: Flight[] = []
  readonly #stop = new AbortController()
  #pumpQueued = false
  #draining = false
  #lastTakenAt = -Infinity
  #cancelAge: Cancel | undefined
  #onIdle: (() => void) | undefined

  constructor(settings: FlushSettings, parts: FlushParts) {
    this.#settings = settings
    this.#parts = parts
    this.#breaker = new Breaker(parts.clock, settings.retry, () => this.#pump())
    parts.cursor.onReadable = () => this.#queuePump()
  }

  get breaker(): 'closed' | 'open' | 'probing' {
    return this.#breaker.state
  }

  /** Resolves once everything read so far is settled. Batches go without waiting to age, an open breaker probes now. */
  drain(): Promise<void> {
    this.#draining = true
    return new Promise((resolve) => {
      this.#onIdle = resolve
      this.#breaker.probe()
      this.#pump()
    })
  }

  /** Ends flushes that are under way; what they held is left unsettled. Then closes the output. */
  async stop(): Promise<void> {
    this.#parts.cursor.onReadable = () => undefined
    this.#stop.abort(new AgentError('FLUSH_STOPPED', `${this.#settings.id}: the agent is stopping`))
    this.#breaker.stop()
    this.#cancelAge?.()
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
      const flight = this.#failed.shift() ?? this.#takeWhenDue()
      if (!flight) break
      this.#inFlight.add(flight)
      void this.#attempt(flight)
    }
    if (this.#inFlight.size === 0 && this.#failed.length === 0 && !this.#parts.cursor.readable) this.#onIdle?.()
  }

  #takeWhenDue(): Flight | undefined {
    const { cursor, clock } = this.#parts
    if (!cursor.readable) return undefined
    const waitMs = this.#lastTakenAt + this.#settings.maxBatchAgeMs - clock.monotonic()
    if (waitMs > 0 && !this.#draining && cursor.unreadBytes < this.#settings.maxBatchBytes)
      return this.#takeAfter(waitMs)
    const flight = flightOf(cursor.take(this.#settings.maxBatchBytes))
    if (flight) this.#lastTakenAt = clock.monotonic()
    return flight
  }

  #takeAfter(waitMs: number): undefined {
    this.#cancelAge ??= this.#parts.clock.after(waitMs, () => {
      this.#cancelAge = undefined
      this.#pump()
    })
  }

  async #attempt(flight: Flight): Promise<void> {
    flight.attempts++
    const failure = await this.#flush(flight).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (!failure) this.#delivered(flight)
    else if (!this.#stop.signal.aborted) await this.#undelivered(flight, failure.error)
    this.#inFlight.delete(flight)
    this.#pump()
  }

  /** One flush with its deadline. An output that ignores its signal is not waited for. */
  async #flush(flight: Flight): Promise<void> {
    const { timeoutMs } = this.#settings
    const deadline = new AbortController()
    const abort = (): void => deadline.abort(this.#stop.signal.reason)
    const cancel = this.#parts.clock.after(timeoutMs, () =>
      deadline.abort(new AgentError('FLUSH_TIMEOUT', `no answer within ${timeoutMs} ms (flush_timeout)`)),
    )
    this.#stop.signal.addEventListener('abort', abort, { once: true })
    try {
      await Promise.race([this.#lend(flight, deadline.signal), aborted(deadline.signal)])
    } finally {
      cancel()
      this.#stop.signal.removeEventListener('abort', abort)
    }
  }

  /** The bytes are lent until the output says that it is done, however late that is. */
  async #lend(flight: Flight, signal: AbortSignal): Promise<void> {
    for (const chunk of flight.chunks) chunk.lend()
    try {
      await this.#parts.output.flush(toBatch(flight), signal)
    } finally {
      for (const chunk of flight.chunks) chunk.giveBack()
    }
  }

  #delivered(flight: Flight): void {
    this.#answered()
    for (const chunk of flight.chunks) this.#parts.cursor.settle(chunk)
  }

  async #undelivered(flight: Flight, error: unknown): Promise<void> {
    if (error instanceof PartialError)
      return this.#refusedInPart(flight, error).catch((corrupt: unknown) => this.#giveUp(flight, 'corrupt', corrupt))
    if (error instanceof PermanentError) return this.#giveUp(flight, 'refused', error)
    // While the agent stops, tries follow each other too fast to count: what is left stays pending.
    if (flight.attempts > this.#settings.retryLimit && !this.#draining)
      return this.#giveUp(flight, 'retry_limit', error)
    this.#retry(flight, error)
  }

  #retry(flight: Flight, error: unknown): void {
    const { cursor, log } = this.#parts
    const askedMs = error instanceof RetryLater ? error.afterMs : undefined
    const waitMs = this.#breaker.failed(this.#draining ? drainRetryMs : askedMs)
    cursor.ledger.retried += flight.count
    this.#failed.push(flight)
    this.#failed.sort((one, other) => one.sequence - other.sequence)
    const fields = { events: flight.count, attempt: flight.attempts, next_try_ms: Math.round(waitMs) }
    log.warn(`delivery failed: ${messageOf(error)}`, fields)
    // An error that is none of ours may be a bug: say where.
    if (error instanceof Error && !(error instanceof AgentError)) log.debug(error.stack ?? error.message)
  }

  async #giveUp(flight: Flight, reason: string, error: unknown): Promise<void> {
    const letter = { reason, message: messageOf(error), attempts: flight.attempts, events: flight.chunks }
    this.#answered()
    await this.#send(letter, flight.count)
    for (const chunk of flight.chunks) this.#parts.cursor.settle(chunk, chunk.count, reason)
  }

  async #refusedInPart(flight: Flight, error: PartialError): Promise<void> {
    const { counts, events } = cutRejected(flight.chunks, new Set(error.rejected.keys()))
    const [message = error.message] = error.rejected.values()
    this.#answered()
    await this.#send({ reason: 'refused', message, attempts: flight.attempts, events }, events.length)
    for (const [index, chunk] of flight.chunks.entries()) this.#parts.cursor.settle(chunk, counts[index], 'refused')
  }

  async #send(letter: Omit<Parameters<DeadLetter['write']>[0], 'output'>, count: number): Promise<void> {
    const { deadLetter, log, cursor } = this.#parts
    const kept = await deadLetter.write({ output: this.#settings.id, ...letter })
    if (kept) cursor.ledger.deadLettered += count
    const where = kept ? 'kept in the dead letter' : 'dropped: there is no storage.path for a dead letter'
    log.error(`${count} events given up (${letter.reason}), ${where}: ${letter.message}`)
  }

  /** The destination spoke, be it to refuse. */
  #answered(): void {
    if (this.#breaker.succeeded()) this.#parts.log.info('delivering again')
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
