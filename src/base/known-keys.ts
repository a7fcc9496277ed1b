import type { Clock } from './clock.js'

/** Most keys that are remembered; the oldest go. */
const mostKeys = 10_000

interface Outcome {
  readonly seenMs: number
  /** Settles when what had this key first was taken, or was not. */
  readonly taken: Promise<void>
}

/** What was taken not long ago, by the key that its sender gave it. What failed is forgotten: then its retry is the first again. */
export class KnownKeys {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** In the order in which they came. */
  readonly #outcomes = new Map<string, Outcome>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Takes by `take` what has this key, or waits for whoever does so already. True where it was taken before. */
  async once(key: string, windowMs: number, take: () => Promise<void>): Promise<boolean> {
    this.#forgetOlderThan(windowMs)
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

  #forgetOlderThan(windowMs: number): void {
    const oldest = this.#clock.monotonic() - windowMs
    for (const [key, { seenMs }] of this.#outcomes) {
      if (seenMs >= oldest && this.#outcomes.size < mostKeys) return
      this.#outcomes.delete(key)
    }
  }
}
