/** What a line did since it was asked last. */
export interface Rate {
  readonly edges: number
  /** Edges a second. */
  readonly perSecond: number
}

/** An edge: its number, and its time in seconds and nanoseconds, apart because together they would not fit. */
interface Mark {
  readonly total: number
  readonly seconds: number
  readonly nanoseconds: number
}

/**
 * Counts edges by the sequence that the kernel gives them, so that those which it had no room for count too, and works out how fast they
 * came by its times: from the last edge of the interval before, or else the first of this one, to the last.
 */
export class EdgeRate {
  #sequence = 0
  #total = 0
  #asked = 0
  #from: Mark | undefined
  #to: Mark | undefined

  /** Edges since the line was taken. */
  get total(): number {
    return this.#total
  }

  /** An edge. Those between the first and the last of a read may be left out. */
  take(sequence: number, seconds: number, nanoseconds: number): void {
    this.#total += (sequence - this.#sequence) >>> 0
    this.#sequence = sequence
    this.#to = { total: this.#total, seconds, nanoseconds }
    this.#from ??= this.#to
  }

  /** What came in the `elapsedMs` since this was asked last. */
  since(elapsedMs: number): Rate {
    const edges = this.#total - this.#asked
    const perSecond = edges === 0 ? 0 : (this.#measured(elapsedMs) ?? (edges * 1000) / elapsedMs)
    this.#asked = this.#total
    this.#from = edges === 0 ? undefined : this.#to
    return { edges, perSecond }
  }

  /** Undefined where there is only one edge, or the clock was set in between. */
  #measured(elapsedMs: number): number | undefined {
    if (!this.#from || !this.#to) return undefined
    const span = this.#to.seconds - this.#from.seconds + (this.#to.nanoseconds - this.#from.nanoseconds) / 1e9
    const edges = this.#to.total - this.#from.total
    return span > 0 && span * 1000 < 2 * elapsedMs + tolerance ? edges / span : undefined
  }
}

/** Milliseconds by which two intervals may be longer than they should be. */
const tolerance = 100
