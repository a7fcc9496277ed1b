import type { Clock } from './clock.js'

/** Most keys that are remembered; the oldest go. */
const mostKeys = 10_000

/** What was taken not long ago, by the key that its sender gave it. What failed is forgotten: then its retry is the first again. */
export class KnownKeys {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** When each was taken, in milliseconds, in this order. */
  readonly #taken = new Map<string, number>()
  /** Never forgotten, however long a server further on is down: as many as senders wait. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Takes by `take` what has this key, or waits for whoever does so already. True where it was taken before. */
  async once(key: string, windowMs: number, take: () => Promise<void>): Promise<boolean> {
    this.#forgetOlderThan(windowMs)
    if (this.#taken.has(key)) return true
    const underWay = this.#underWay.get(key)
    if (underWay) {
      await underWay
      return true
    }
    await this.#take(key, take)
    return false
  }

  async #take(key: string, take: () => Promise<void>): Promise<void> {
    const taking = take()
    this.#underWay.set(key, taking)
    try {
      await taking
      this.#taken.set(key, this.#clock.monotonic())
    } finally {
      this.#underWay.delete(key)
    }
  }

  #forgetOlderThan(windowMs: number): void {
    const oldest = this.#clock.monotonic() - windowMs
    for (const [key, takenMs] of this.#taken) {
      if (takenMs >= oldest && this.#taken.size < mostKeys) return
      this.#taken.delete(key)
    }
  }
}
