/** A map of bounded size: what was longest not asked for makes way for what is new. */
export class RecentMap<K, V> {
  readonly #capacity: number
  readonly #values = new Map<K, V>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#values.size
  }

  get(key: K): V | undefined {
    const value = this.#values.get(key)
    if (value !== undefined) this.#touch(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#touch(key, value)
    if (this.#values.size <= this.#capacity) return
    const oldest = this.#values.keys().next()
    if (oldest.done !== true) this.#values.delete(oldest.value)
  }

  delete(key: K): void {
    this.#values.delete(key)
  }

  /** Maps keep the order in which keys came. */
  #touch(key: K, value: V): void {
    this.#values.delete(key)
    this.#values.set(key, value)
  }
}
