import type { Cancel, Clock } from '../base/clock.js'

/** Calls back once nothing was heard for `idleMs` since the last `heard`. However often something is, there is one timer. */
export class IdleWatch {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #callback: () => void
  #heardAt = 0
  #cancel: Cancel | undefined

  constructor(clock: Clock, idleMs: number, callback: () => void) {
    this.#clock = clock
    this.#idleMs = idleMs
    this.#callback = callback
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic()
    this.#cancel ??= this.#clock.after(this.#idleMs, this.#due)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  readonly #due = (): void => {
    const waitMs = this.#heardAt + this.#idleMs - this.#clock.monotonic()
    // What came while the program was busy is read after the timers of that turn are called: it goes first.
    this.#cancel = waitMs > 0 ? this.#clock.after(waitMs, this.#due) : this.#clock.after(0, this.#ask)
  }

  readonly #ask = (): void => {
    if (this.#heardAt + this.#idleMs > this.#clock.monotonic()) return this.#due()
    this.#cancel = undefined
    this.#callback()
  }
}
