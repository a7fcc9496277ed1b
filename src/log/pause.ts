/** How long somebody waited; waits that overlap count once. In milliseconds. */
export class Pause {
  readonly #now: () => number
  #waiting = 0
  #since = 0
  #endedMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  async during(wait: Promise<void>): Promise<void> {
    if (this.#waiting++ === 0) this.#since = this.#now()
    await wait
    if (--this.#waiting === 0) this.#endedMs += this.#now() - this.#since
  }

  /** Of the wait that goes on; 0 where nobody waits. */
  get currentMs(): number {
    return this.#waiting === 0 ? 0 : this.#now() - this.#since
  }

  /** Of all waits, the one that goes on too. */
  get totalMs(): number {
    return this.#endedMs + this.currentMs
  }
}
