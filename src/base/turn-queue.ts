/** Gathers what comes within one turn of the event loop, and hands it over at its end, all together. */
export class TurnQueue<T> {
  readonly #take: (gathered: readonly T[]) => void
  readonly #endTurn = (): void => {
    this.#isDue = false
    this.flush()
  }
  #gathered: T[] = []
  #isDue = false

  /** `take` gets what was gathered, in its order, and throws nothing. */
  constructor(take: (gathered: readonly T[]) => void) {
    this.#take = take
  }

  push(item: T): void {
    this.#gathered.push(item)
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(this.#endTurn)
  }

  /** Hands over at once what was gathered so far. */
  flush(): void {
    if (this.#gathered.length === 0) return
    const gathered = this.#gathered
    this.#gathered = []
    this.#take(gathered)
  }
}
