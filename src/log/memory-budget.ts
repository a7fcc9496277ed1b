/**
 * The bytes that everything which holds events may use together.
 *
 *     0 ...... crowded ...... low ....... high ...... limit
 *                  └ to disk    └ room again  └ full     └ refused
 *
 * Between `high` and `limit` stands what inputs had read already when they were told to wait, and what the last segment and
 * the open chunks take at a time.
 */
export class MemoryBudget {
  readonly limit: number
  #high: number
  readonly #low: number
  readonly #crowd: number
  #used = 0
  #ended = false
  #waiting: (() => void)[] = []

  constructor(limitBytes: number) {
    this.limit = limitBytes
    this.#high = limitBytes * 0.875
    this.#low = limitBytes * 0.75
    this.#crowd = limitBytes * 0.2
  }

  get used(): number {
    return this.#used
  }

  /** Time to move events to disk, where there is one, so that it never comes to `full`. */
  get crowded(): boolean {
    return this.#used >= this.#crowd
  }

  get full(): boolean {
    return this.#used >= this.#high
  }

  /** Whether `bytes` more would pass the limit itself. */
  exceededBy(bytes: number): boolean {
    return this.#used + bytes > this.limit
  }

  /** Resolves once there is room: at once unless full. */
  room(): Promise<void> {
    return this.full && !this.#ended ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  /** Adds bytes, or gives them back when negative. */
  charge(bytes: number): void {
    this.#used += bytes
    if (this.#used <= this.#low && this.#waiting.length > 0) this.#wake()
  }

  /** The agent ends: nobody waits for room any more. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** Full from now on, whatever is given back: nothing more is taken. */
  close(): void {
    this.#high = -Infinity
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
