import { type Clock, type EventTime, toEventTime } from 'sluice/plugin'

export interface Settings {
  readonly start_time_sec: number | undefined
  readonly start_time_nsec: number | undefined
  readonly fixed_timestamp: boolean
}

/** The times of events: the clock's, or those that follow from a first one which the user chose. */
export class Times {
  readonly #clock: Clock
  readonly #fixed: boolean
  readonly #startedAt: number
  readonly #first: EventTime | undefined

  constructor({ start_time_sec, start_time_nsec, fixed_timestamp }: Settings, clock: Clock) {
    const chosen = start_time_sec !== undefined || start_time_nsec !== undefined
    this.#clock = clock
    this.#fixed = fixed_timestamp
    this.#startedAt = clock.wall()
    if (chosen) this.#first = { seconds: start_time_sec ?? 0, nanoseconds: start_time_nsec ?? 0 }
    else if (fixed_timestamp) this.#first = toEventTime(this.#startedAt)
  }

  now(): EventTime {
    const wall = this.#clock.wall()
    if (!this.#first) return toEventTime(wall)
    return this.#fixed ? this.#first : later(this.#first, wall - this.#startedAt)
  }
}

/** Exact to the nanosecond that the user chose. */
function later({ seconds, nanoseconds }: EventTime, milliseconds: number): EventTime {
  const more = toEventTime(milliseconds)
  const sum = nanoseconds + more.nanoseconds
  const carry = sum >= 1e9 ? 1 : 0
  return { seconds: seconds + more.seconds + carry, nanoseconds: sum - carry * 1e9 }
}
