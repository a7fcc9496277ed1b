import type { Batch } from './define.js'

/** Batches whose notes are kept; no more than these are under way at once. */
const keptBatches = 64

/** The same for every retry of a batch. One that is read anew may begin with the same chunk and hold more. */
export function batchKey({ id, count }: Pick<Batch, 'id' | 'count'>): string {
  return `${id}.${count}`
}

/** What an output has to know of a batch that was delivered in part, so that its retry sends the rest alone. */
export class BatchNotes<T> {
  readonly #create: (batch: Batch) => T
  readonly #notes = new Map<string, T>()

  constructor(create: (batch: Batch) => T) {
    this.#create = create
  }

  /** The notes on a batch, made when it comes for the first time. */
  of(batch: Batch): T {
    const key = batchKey(batch)
    const known = this.#notes.get(key)
    if (known !== undefined) return known
    const notes = this.#create(batch)
    this.#notes.set(key, notes)
    const [oldest] = this.#notes.keys()
    if (this.#notes.size > keptBatches && oldest !== undefined) this.#notes.delete(oldest)
    return notes
  }

  /** The batch was delivered, or will not come again. */
  forget(batch: Batch): void {
    this.#notes.delete(batchKey(batch))
  }
}
