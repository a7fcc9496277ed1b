import type { Cancel, Clock } from '../base/clock.js'

export interface ExchangeLimits {
  /** Longest that nothing may move. */
  readonly timeoutMs: number
  /** What to say then. */
  readonly late: () => Error
  readonly signal: AbortSignal
}

/**
 * What one side of a conversation with a peer waits for, one thing at a time. Whoever reads and writes says what moved, and
 * whoever waits goes on as soon as its condition holds. The first failure ends the exchange for good, also between two waits.
 */
export class Exchange {
  readonly #clock: Clock
  readonly #onFailure: () => void
  #failure: Error | undefined
  #limits: ExchangeLimits | undefined
  #cancelDeadline: Cancel | undefined
  #wake: (() => void) | undefined

  /** `onFailure` closes the connection; it is called with every failure, so it is harmless to call it twice. */
  constructor(clock: Clock, onFailure: () => void) {
    this.#clock = clock
    this.#onFailure = onFailure
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  /** Runs work that waits: it fails when nothing moves for too long, and when the signal is aborted. */
  async within(limits: ExchangeLimits, work: () => Promise<void>): Promise<void> {
    const { signal } = limits
    const abort = (): void => this.fail(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    this.#limits = limits
    this.moved()
    try {
      await work()
    } finally {
      this.#limits = undefined
      this.#cancelDeadline?.()
      signal.removeEventListener('abort', abort)
    }
  }

  /** Resolves once the condition holds, throws as soon as the exchange has failed. */
  async until(condition: () => boolean): Promise<void> {
    while (!this.#failure && !condition()) await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.#failure) throw this.#failure
  }

  /** Puts the deadline off and has the condition looked at again. */
  moved(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = undefined
    const limits = this.#limits
    if (limits && !this.#failure) {
      this.#cancelDeadline = this.#clock.after(limits.timeoutMs, () => this.fail(limits.late()))
    }
    this.#wake?.()
    this.#wake = undefined
  }

  fail(error: Error): void {
    this.#failure ??= error
    this.#onFailure()
    this.moved()
  }
}
