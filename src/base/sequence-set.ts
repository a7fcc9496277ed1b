/** Whole numbers, kept as ranges: what comes in order takes the room of one range. */
export class SequenceSet {
  /** Sorted, and apart from each other: from the first number of a range to the one behind its last. */
  #ranges: [from: number, to: number][]

  constructor(ranges: Iterable<readonly [from: number, to: number]> = []) {
    this.#ranges = [...ranges].map(([from, to]) => [from, to])
  }

  get size(): number {
    return this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0)
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  has(number: number): boolean {
    const range = this.#ranges[this.#indexBehind(number) - 1]
    return range !== undefined && number < range[1]
  }

  add(number: number): void {
    const index = this.#indexBehind(number)
    const before = this.#ranges[index - 1]
    const behind = this.#ranges[index]
    if (before && number < before[1]) return
    const joinsBefore = before?.[1] === number
    const joinsBehind = behind?.[0] === number + 1
    if (joinsBefore && joinsBehind) this.#ranges.splice(index - 1, 2, [before[0], behind[1]])
    else if (joinsBefore) before[1]++
    else if (joinsBehind) behind[0]--
    else this.#ranges.splice(index, 0, [number, number + 1])
  }

  /** Forgets every number below this one. */
  deleteBelow(number: number): void {
    const index = this.#ranges.findIndex(([, to]) => to > number)
    this.#ranges.splice(0, index < 0 ? this.#ranges.length : index)
    const [first] = this.#ranges
    if (first && first[0] < number) first[0] = number
  }

  /** What the constructor takes. */
  toJSON(): readonly (readonly [from: number, to: number])[] {
    return this.#ranges.map(([from, to]) => [from, to])
  }

  /** Index of the first range that begins behind the number. */
  #indexBehind(number: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ranges[middle] as [number, number])[0] <= number) low = middle + 1
      else high = middle
    }
    return low
  }
}
