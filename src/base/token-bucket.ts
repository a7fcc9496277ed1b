/** Lets through so much per second on average, and no more than a second's worth at once. All times are of one clock, in milliseconds. */
export class TokenBucket {
  readonly #perSecond: number
  #tokens: number
  #filledAt: number

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#tokens = perSecond
    this.#filledAt = now
  }

  /** Milliseconds until something may go. What goes may be more than there is: then the next one waits for longer. */
  waitMs(now: number): number {
    this.#fill(now)
    return this.#tokens > 0 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000)
  }

  spend(amount: number, now: number): void {
    this.#fill(now)
    this.#tokens -= amount
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond)
    this.#filledAt = now
  }
}
