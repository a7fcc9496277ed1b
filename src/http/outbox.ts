import { Deque } from '../base/deque.js'

export interface OutboxSettings<T> {
  /** Most bytes that wait here; what is beyond drops the oldest. */
  readonly limitBytes: number
  readonly sizeOf: (item: T) => number
  /** False: written, but the connection takes no more until `drained`. */
  readonly write: (item: T) => boolean
}

/**
 * What goes to one client that may read slower than things happen: the newest is kept and the oldest dropped, so that neither
 * memory nor whoever sends to many clients depends on the slowest of them.
 */
export class Outbox<T> {
  readonly #settings: OutboxSettings<T>
  readonly #waiting = new Deque<T>()
  #waitingBytes = 0
  #isFull = false
  #dropped = 0

  constructor(settings: OutboxSettings<T>) {
    this.#settings = settings
  }

  /** How many were dropped. */
  get dropped(): number {
    return this.#dropped
  }

  /** Whether the client has yet to read what it was sent. */
  get isFull(): boolean {
    return this.#isFull
  }

  send(item: T): void {
    if (!this.#isFull) {
      this.#isFull = !this.#settings.write(item)
      return
    }
    this.#waiting.push(item)
    this.#waitingBytes += this.#settings.sizeOf(item)
    while (this.#waitingBytes > this.#settings.limitBytes) this.#drop()
  }

  /** The connection takes more. */
  drained(): void {
    this.#isFull = false
    while (!this.#isFull && this.#waiting.size > 0) this.#isFull = !this.#settings.write(this.#take())
  }

  clear(): void {
    while (this.#waiting.size > 0) this.#take()
  }

  #drop(): void {
    this.#take()
    this.#dropped++
  }

  #take(): T {
    const item = this.#waiting.shift() as T
    this.#waitingBytes -= this.#settings.sizeOf(item)
    return item
  }
}
