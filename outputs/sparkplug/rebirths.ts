import type { Cancel, Clock } from 'sluice/plugin'

/** Hosts that ask together get one birth, and one that asks over and over does not keep the node busy with births. */
const leastGapMs = 1000

/** Births that hosts ask for: at once, or as soon as the gap to the one before is over. */
export class Rebirths {
  readonly #clock: Clock
  readonly #bear: () => void
  #bornAt = -Infinity
  #cancel: Cancel | undefined

  constructor(clock: Clock, bear: () => void) {
    this.#clock = clock
    this.#bear = bear
  }

  ask(): void {
    if (this.#cancel) return
    const waitMs = this.#bornAt + leastGapMs - this.#clock.monotonic()
    if (waitMs > 0) this.#cancel = this.#clock.after(waitMs, () => this.#answer())
    else this.#answer()
  }

  /** Nothing is asked any more. */
  close(): void {
    this.#cancel?.()
  }

  #answer(): void {
    this.#cancel = undefined
    this.#bornAt = this.#clock.monotonic()
    this.#bear()
  }
}
