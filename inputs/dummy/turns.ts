import type { Clock } from 'sluice/plugin'

export interface TurnSettings {
  readonly periodMs: number
  /** The first turn is due at the start, not after the first period. */
  readonly atOnce: boolean
  /** Turns in all; 0 for no end. */
  readonly most: number
}

/** Shorter periods have several turns each time. */
const shortestSleepMs = 10

/** What could not take place for longer than this, for want of room or of processor, is left out. */
const catchUpMs = 1000

/** A division of times that are whole multiples must not fall short of the next turn. */
const tolerance = 1e-9

/** How often something was to happen so far, by the monotonic clock. */
export class Turns {
  readonly #settings: TurnSettings
  readonly #clock: Clock
  readonly #startedAt: number
  /** Turns that were due so far, taken or left out. */
  #passed = 0
  #taken = 0

  constructor(settings: TurnSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    this.#startedAt = clock.monotonic() - (settings.atOnce ? settings.periodMs : 0)
  }

  get done(): boolean {
    return this.#settings.most > 0 && this.#taken >= this.#settings.most
  }

  /** The turns that are due now, and how many of those before it is too late for. */
  take(): { readonly due: number; readonly late: number } {
    const { periodMs, most } = this.#settings
    const passed = Math.floor(this.#elapsedMs / periodMs + tolerance)
    const owed = passed - this.#passed
    const inTime = Math.min(owed, Math.max(1, Math.ceil(catchUpMs / periodMs)))
    const due = most > 0 ? Math.min(inTime, most - this.#taken) : inTime
    this.#passed = passed
    this.#taken += due
    return { due, late: owed - inTime }
  }

  untilNextMs(): number {
    const { periodMs } = this.#settings
    if (periodMs < shortestSleepMs) return shortestSleepMs
    return (this.#passed + 1) * periodMs - this.#elapsedMs
  }

  get #elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt
  }
}
