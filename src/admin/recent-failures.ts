import { Deque } from '../base/deque.js'
import type { AgentStatus } from '../observe/status.js'

/** How many failures of all outputs within a period Fluent Bit's health bears. */
export interface FailureBounds {
  readonly errors: number
  readonly retryFailures: number
  readonly periodMs: number
}

export interface FailureCounts {
  readonly errors: number
  readonly retryFailures: number
}

interface Sample extends FailureCounts {
  readonly at: number
}

/** How many samples a period has. */
export const samplesPerPeriod = 60

/** Counts what failed within the last period, from totals that are noted now and then. */
export class RecentFailures {
  readonly #periodMs: number
  readonly #samples = new Deque<Sample>()

  constructor(periodMs: number) {
    this.#periodMs = periodMs
  }

  /** Notes the totals at this moment of the monotonic clock, and answers what came within the period before it. */
  note(totals: FailureCounts, now: number): FailureCounts {
    this.#forget(now)
    const begin = this.#samples.at(0) ?? totals
    const newest = this.#samples.at(this.#samples.size - 1)
    if (!newest || now - newest.at >= this.#periodMs / samplesPerPeriod) this.#samples.push({ ...totals, at: now })
    return { errors: totals.errors - begin.errors, retryFailures: totals.retryFailures - begin.retryFailures }
  }

  /** The newest of those that are older than the period is where it begins. */
  #forget(now: number): void {
    for (let next = this.#samples.at(1); next && next.at <= now - this.#periodMs; next = this.#samples.at(1))
      this.#samples.shift()
  }
}

export function failureTotals({ outputs }: AgentStatus): FailureCounts {
  const all = Object.values(outputs)
  return {
    errors: all.reduce((sum, { refusals }) => sum + refusals, 0),
    retryFailures: all.reduce((sum, { givenUp }) => sum + givenUp, 0),
  }
}
