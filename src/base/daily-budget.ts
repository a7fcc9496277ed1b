const slotMs = 3_600_000
const slots = 24

/** Lets through so much in any 24 hours, counted by the hour. All times are of one clock, in milliseconds. */
export class DailyBudget {
  readonly #limit: number
  /** What went in each of the last hours. */
  readonly #spent: number[] = new Array<number>(slots).fill(0)
  #hour: number

  constructor(limit: number, now: number) {
    this.#limit = limit
    this.#hour = Math.floor(now / slotMs)
  }

  /** Milliseconds until something may go: at once, or with the next hour that makes room. */
  waitMs(now: number): number {
    this.#turn(now)
    let spent = this.#spent.reduce((sum, each) => sum + each, 0)
    for (let ahead = 0; ahead < slots; ahead++) {
      if (spent < this.#limit) return ahead === 0 ? 0 : (this.#hour + ahead) * slotMs - now
      spent -= this.#spent[(this.#hour + 1 + ahead) % slots] ?? 0
    }
    return (this.#hour + slots) * slotMs - now
  }

  spend(amount: number, now: number): void {
    this.#turn(now)
    const slot = this.#hour % slots
    this.#spent[slot] = (this.#spent[slot] ?? 0) + amount
  }

  /** Forgets the hours that are more than a day ago. */
  #turn(now: number): void {
    const hour = Math.floor(now / slotMs)
    for (let passed = Math.min(hour - this.#hour, slots); passed > 0; passed--)
      this.#spent[(hour - passed + 1) % slots] = 0
    this.#hour = hour
  }
}
