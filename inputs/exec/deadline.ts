import type { Cancel, Clock } from 'sluice/plugin'

/** A timer that can be held: only the time that is not spent waiting counts. */
export class Deadline {
  readonly #clock: Clock
  readonly #passed: () => void
  #leftMs: number
  #startedAt = 0
  #over = false
  #cancel: Cancel = () => undefined

  constructor(clock: Clock, milliseconds: number, passed: () => void) {
    this.#clock = clock
    this.#passed = passed
    this.#leftMs = milliseconds
    this.go()
  }

  /** The time begins, or goes on. */
  go(): void {
    if (this.#over) return
    this.#startedAt = this.#clock.monotonic()
    this.#cancel = this.#clock.after(this.#leftMs, () => {
      this.#over = true
      this.#passed()
    })
  }

  hold(): void {
    this.#cancel()
    this.#leftMs -= this.#clock.monotonic() - this.#startedAt
  }

  cancel(): void {
    this.#over = true
    this.#cancel()
  }
}
