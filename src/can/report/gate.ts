import type { Thinning } from './thinning.js'

/** Lets through what is due: the first time, then as its thinning says. Times are milliseconds of the frames themselves. */
export class Gate {
  readonly #thinning: Thinning
  #openedAt = Number.NaN

  constructor(thinning: Thinning) {
    this.#thinning = thinning
  }

  /** Whether anybody need find out what changed. */
  get asksForChange(): boolean {
    return this.#thinning.onChange
  }

  /** Whether what is seen now may go through; `changed` is whether it differs from what went through last. */
  isDue(now: number, changed: boolean): boolean {
    const { onChange, minInterval, maxSilence } = this.#thinning
    const since = now - this.#openedAt
    // Never open before, or the recording began again.
    if (!(since >= 0)) return true
    if (since < minInterval) return false
    return !onChange || changed || (maxSilence > 0 && since >= maxSilence)
  }

  /** It went through. */
  open(now: number): void {
    this.#openedAt = now
  }
}
