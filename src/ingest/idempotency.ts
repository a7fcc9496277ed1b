import type { Clock } from '../base/clock.js'

/** Most keys that are remembered; the oldest go. */
const mostKeys = 10_000

interface Outcome {
  readonly seenMs: number
  /** Settles when the first request with this key did: the events were taken, or were not. */
  readonly taken: Promise<void>
}

/**
 * Which requests were taken not long ago, by the key that their client gave them (draft-ietf-httpapi-idempotency-key-header). One
 * that failed is forgotten: then its retry is the first again.
 */
export class IdempotencyWindow {
  readonly #windowMs: number
  readonly #clock: Pick<Clock, 'monotonic'>
  /** In the order in which they came. */
  readonly #outcomes = new Map<string, Outcome>()

  constructor(windowMs: number, clock: Pick<Clock, 'monotonic'>) {
    this.#windowMs = windowMs
    this.#clock = clock
  }

  /** Takes by `take` what has this key, or waits for whoever does so already. True where it was taken before. */
  async once(key: string, take: () => Promise<void>): Promise<boolean> {
    this.#forgetOld()
    const known = this.#outcomes.get(key)
    if (known) {
      await known.taken
      return true
    }
    const taken = take()
    this.#outcomes.set(key, { seenMs: this.#clock.monotonic(), taken })
    try {
      await taken
    } catch (error) {
      this.#outcomes.delete(key)
      throw error
    }
    return false
  }

  #forgetOld(): void {
    const oldest = this.#clock.monotonic() - this.#windowMs
    for (const [key, { seenMs }] of this.#outcomes) {
      if (seenMs >= oldest && this.#outcomes.size < mostKeys) return
      this.#outcomes.delete(key)
    }
  }
}
