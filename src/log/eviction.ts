import type { Chunk } from './chunk.js'
import type { Cursor } from './cursor.js'
import type { MemoryBudget } from './memory-budget.js'
import type { Queue } from './queue.js'

/** Drops a chunk for every output that has not taken it yet. Where none has, it need not go to disk any more. */
export function evict(queue: Queue, chunk: Chunk, reason: string): void {
  for (const reader of queue.readers(chunk.tag, chunk.output)) reader.evict(chunk, reason)
  chunk.evicted = true
  if (chunk.released && !chunk.writing) chunk.giveUpStore()
}

/** Drops what is in memory and older than this, in milliseconds, unless a flush holds it. */
export function expire(queue: Queue, maxAgeMs: number): void {
  for (let sequence = queue.first; sequence < queue.next; sequence++) {
    const chunk = queue.chunk(sequence)
    if (chunk && queue.age(chunk) <= maxAgeMs) return
    if (chunk && !chunk.released && !chunk.evicted) evict(queue, chunk, 'expired')
  }
}

/** The same for one output alone, which still has to take it. */
export function expireFor(cursor: Cursor, queue: Queue): void {
  for (let sequence = Math.max(queue.first, cursor.untakenFrom); sequence < queue.next; sequence++) {
    const chunk = queue.chunk(sequence)
    if (chunk && queue.age(chunk) <= cursor.maxAgeMs) return
    if (chunk && !chunk.released && !chunk.evicted) cursor.evict(chunk, 'expired')
  }
}

/** Makes room in memory by dropping the oldest events of those inputs that allow it. */
export class Eviction {
  readonly #queue: Queue
  readonly #budget: MemoryBudget
  /** Every chunk before this sequence was looked at. */
  #next = 0

  constructor(queue: Queue, budget: MemoryBudget) {
    this.#queue = queue
    this.#budget = budget
  }

  /** Drops chunks that no flush holds, until there is room. False when there was too little to drop. */
  makeRoom(reason: string): boolean {
    this.#evictSealed(reason)
    if (!this.#budget.full) return true
    this.#queue.seal()
    this.#evictSealed(reason)
    return !this.#budget.full
  }

  #evictSealed(reason: string): void {
    this.#next = Math.max(this.#next, this.#queue.first)
    for (; this.#budget.full && this.#next < this.#queue.next; this.#next++) {
      const chunk = this.#queue.chunk(this.#next)
      // What is being written makes room by itself, and none before it is.
      if (chunk?.evictable && !chunk.released && !chunk.writing) evict(this.#queue, chunk, reason)
    }
  }
}
