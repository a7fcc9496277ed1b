import type { EventRun } from '../plugin/errors.js'
import type { Span } from './span.js'

/** How far a batch has got: a retry goes on from there, so what was taken is not sent twice. */
export class Progress {
  /** Batch index → why. */
  readonly rejected = new Map<number, string>()
  /** Runs of these that one answer refused: the engine is to find the bad ones. */
  readonly together: EventRun[] = []
  /** One flag an event. */
  readonly #settled: Uint8Array

  constructor(count: number) {
    this.#settled = new Uint8Array(count)
  }

  /** What is neither taken nor refused yet. */
  pending(): EventRun[] {
    const runs: EventRun[] = []
    const settled = this.#settled
    for (let first = settled.indexOf(0); first >= 0;) {
      const next = settled.indexOf(1, first)
      const end = next < 0 ? settled.length : next
      runs.push({ first, count: end - first })
      first = settled.indexOf(0, end)
    }
    return runs
  }

  settle(runs: readonly EventRun[]): void {
    for (const { first, count } of runs) this.#settled.fill(1, first, first + count)
  }

  /** Events of a span were refused, each for a reason of its own: place → why. */
  reject({ runs }: Span, reasons: ReadonlyMap<number, string>): void {
    if (reasons.size === 0) return
    let place = 0
    for (const { first, count } of runs) {
      for (let index = first; index < first + count; index++) {
        const reason = reasons.get(place++)
        if (reason !== undefined) this.rejected.set(index, reason)
      }
    }
  }

  /** All of a span was refused by one answer. */
  rejectAll({ runs }: Span, reason: string, areAllBad: boolean): void {
    for (const { first, count } of runs) {
      for (let index = first; index < first + count; index++) {
        if (!this.rejected.has(index)) this.rejected.set(index, reason)
      }
    }
    if (!areAllBad) this.together.push(...runs)
  }
}
