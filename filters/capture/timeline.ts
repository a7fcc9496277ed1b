/** Where an event stands in time among those before it; `jumped` is far ahead of them, `set_back` where the clock was. */
export type Place = 'in_time' | 'late' | 'jumped' | 'set_back'

/** So many late events in a row are no stragglers. */
const lateInRow = 16

/** An hour in which nothing came, or which the clock was set ahead. */
const jumpMicros = 3600e6

/** The time of a source, told by its events: the newest that came. What is far behind it is late, until it stays so. */
export class Timeline {
  /** Microseconds since 1970. */
  newest = -Infinity
  readonly #tolerance: number
  #late = 0

  constructor(toleranceMicros: number) {
    this.#tolerance = toleranceMicros
  }

  see(micros: number): Place {
    if (this.newest - micros > this.#tolerance) return this.#behind(micros)
    const jumped = micros - this.newest > jumpMicros
    this.#late = 0
    if (micros > this.newest) this.newest = micros
    return jumped ? 'jumped' : 'in_time'
  }

  #behind(micros: number): Place {
    if (++this.#late < lateInRow) return 'late'
    this.#late = 0
    this.newest = micros
    return 'set_back'
  }
}
