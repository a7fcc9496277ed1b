/** Lets through so much per second on average, and at once no more than `burst`. All times are of one clock, in milliseconds. */
export class TokenBucket {
  #perSecond: number
  #burst: number
  #tokens: number
  #filledAt: number

  /** A burst is a second's worth unless given. */
  constructor(perSecond: number, now: number, burst = perSecond) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
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

  /** Spends so much and answers 0 where there is as much; else the milliseconds until there is, and nothing is spent. */
  take(amount: number, now: number): number {
    this.#fill(now)
    if (this.#tokens < amount) return Math.ceil(((amount - this.#tokens) / this.#perSecond) * 1000)
    this.#tokens -= amount
    return 0
  }

  /** From now on so much per second, and at once no more than that. */
  limit(perSecond: number, now: number): void {
    this.#fill(now)
    this.#perSecond = perSecond
    this.#burst = perSecond
    this.#tokens = Math.min(this.#tokens, perSecond)
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond)
    this.#filledAt = now
  }
}
