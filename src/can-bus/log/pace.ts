import type { Clock } from '../../base/clock.js'

/** Frames of several buses may stand in a log a little out of order; a longer way back is another recording. */
const disorderMs = 1000

/** When the frames of a recording are due, so many times as fast as they were recorded. */
export class Pace {
  readonly #clock: Clock
  readonly #factor: number
  /** Time of the first frame, and when it was due. */
  #first = Number.NaN
  #startedAt = Number.NaN
  #last = Number.NaN

  constructor(clock: Clock, factor: number) {
    this.#clock = clock
    this.#factor = factor
  }

  /** Milliseconds until a frame of this time is due; none are left where it was due already. The first one is due at once. */
  wait(frameMs: number): number {
    const now = this.#clock.monotonic()
    if (!(frameMs >= this.#last - disorderMs)) {
      this.#first = frameMs
      this.#startedAt = now
    }
    this.#last = frameMs
    return this.#startedAt + (frameMs - this.#first) / this.#factor - now
  }
}
