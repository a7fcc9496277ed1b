/** Named counts, such as the reasons of drops. Names are snake_case. */
export class Counters {
  readonly #counts = new Map<string, number>()

  add(name: string, amount: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount)
  }

  addAll(counts: { readonly [name: string]: number }): void {
    for (const [name, amount] of Object.entries(counts)) this.add(name, amount)
  }

  get total(): number {
    let total = 0
    for (const count of this.#counts.values()) total += count
    return total
  }

  toJSON(): { readonly [name: string]: number } {
    return Object.fromEntries(this.#counts)
  }
}
