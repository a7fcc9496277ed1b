import type { Cancel, Clock } from '../base/clock.js'
import { backOffMs, type RetrySettings } from './retry.js'

/**
 * The state of one destination. Closed: flushes go out. A failure opens it; after a back-off it probes: one flush goes out.
 * When that succeeds it is closed and everything that waits goes at once, else it is open for longer.
 */
export class Breaker {
  #state: 'closed' | 'open' | 'probing' = 'closed'
  #failures = 0
  #cancel: Cancel | undefined
  readonly #clock: Clock
  readonly #settings: RetrySettings
  readonly #onProbe: () => void
  readonly #random: () => number

  /** `onProbe` is called when the back-off has passed. */
  constructor(clock: Clock, settings: RetrySettings, onProbe: () => void, random: () => number = Math.random) {
    this.#clock = clock
    this.#settings = settings
    this.#onProbe = onProbe
    this.#random = random
  }

  get state(): 'closed' | 'open' | 'probing' {
    return this.#state
  }

  /** How many flushes may be under way at once. */
  limit(whenClosed: number): number {
    if (this.#state === 'closed') return whenClosed
    return this.#state === 'probing' ? 1 : 0
  }

  /** The destination answered, or what it failed for was given up. */
  close(): void {
    this.#cancel?.()
    this.#state = 'closed'
    this.#failures = 0
  }

  /** A flush failed; `afterMs` is the wait that the destination asked for. Answers the wait until the next probe. */
  failed(afterMs?: number): number {
    // Flushes that were under way together fail together: they count as one failure.
    if (this.#state !== 'open') this.#failures++
    this.#cancel?.()
    this.#state = 'open'
    const waitMs = afterMs ?? backOffMs(this.#failures, this.#settings, this.#random())
    this.#cancel = this.#clock.after(waitMs, () => this.probe())
    return waitMs
  }

  /** Ends the back-off now. */
  probe(): void {
    if (this.#state !== 'open') return
    this.#cancel?.()
    this.#state = 'probing'
    this.#onProbe()
  }

  stop(): void {
    this.#cancel?.()
  }
}
