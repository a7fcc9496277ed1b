import type { Cancel, Clock } from '../base/clock.js'

/** Calls once when nothing has moved for too long; saying that something did costs no timer. */
export class IdleDeadline {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #passed: () => void
  #movedAt = 0
  #cancel: Cancel = () => undefined

  constructor(clock: Clock, idleMs: number, passed: () => void) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#passed = passed
    this.moved()
    this.#wait(idleMs)
  }

  moved(): void {
    this.#movedAt = this.#clock.monotonic()
  }

  cancel(): void {
    this.#cancel()
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      const leftMs = this.#movedAt + this.#idleMs - this.#clock.monotonic()
      if (leftMs > 0) this.#wait(leftMs)
      else this.#passed()
    })
  }
}
