/**
 * A queue over a ring of slots: push, shift and indexed reads without moving elements.
 *
 *     slots  [ e f . . . a b c d ]      first = 5, size = 6
 *              ^tail      ^first
 */
export class Deque<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(16)
  #first = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(element: T): void {
    if (this.#size === this.#slots.length) this.#grow()
    this.#slots[(this.#first + this.#size) & (this.#slots.length - 1)] = element
    this.#size++
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const element = this.#slots[this.#first]
    this.#slots[this.#first] = undefined
    this.#first = (this.#first + 1) & (this.#slots.length - 1)
    this.#size--
    return element
  }

  /** The element `index` places behind the first one. */
  at(index: number): T | undefined {
    return index < 0 || index >= this.#size ? undefined : this.#slots[(this.#first + index) & (this.#slots.length - 1)]
  }

  #grow(): void {
    const grown = new Array<T | undefined>(this.#slots.length * 2)
    for (let index = 0; index < this.#size; index++) grown[index] = this.at(index)
    this.#slots = grown
    this.#first = 0
  }
}
