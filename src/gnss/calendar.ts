import type { Clock } from '../base/clock.js'

const dayMs = 86_400_000

/** Gives times of day their date: that which a sentence said, or that which makes it nearest to what is expected. */
export class Calendar {
  readonly #clock: Clock
  #last: { readonly timeMs: number; readonly monotonicMs: number } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds since 1970 UTC. Midnight passes by itself, since the nearest date is then the next. */
  timeOf(timeOfDayMs: number, dateMs: number | undefined): number {
    const timeMs = (dateMs ?? this.#nearestDay(timeOfDayMs)) + timeOfDayMs
    this.#last = { timeMs, monotonicMs: this.#clock.monotonic() }
    return timeMs
  }

  #nearestDay(timeOfDayMs: number): number {
    return Math.round((this.#expected() - timeOfDayMs) / dayMs) * dayMs
  }

  /** By the receiver's own time so far; before it told any, by the system's. */
  #expected(): number {
    if (!this.#last) return this.#clock.wall()
    return this.#last.timeMs + this.#clock.monotonic() - this.#last.monotonicMs
  }
}
