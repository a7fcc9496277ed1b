/** Tells how much sums have grown. */
export class Deltas {
  readonly #add: (name: string, amount: number) => void
  readonly #told = new Map<string, number>()

  constructor(add: (name: string, amount: number) => void) {
    this.#add = add
  }

  tell(name: string, sum: number): void {
    const told = this.#told.get(name) ?? 0
    if (sum === told) return
    this.#told.set(name, sum)
    this.#add(name, sum - told)
  }
}
