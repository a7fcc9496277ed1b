import type { Batch, EncodedEvents, Output } from 'sluice/plugin'
import type { Appender } from './appender.js'

export interface FileParts {
  readonly pathOf: (tag: string) => string
  readonly format: (chunks: readonly EncodedEvents[]) => Uint8Array
  readonly appender: Appender
}

/** Batches of which only some files were written, for their retries. */
const keptBatches = 64

/** Writes each tag's events to its file. */
export class FileOutput implements Output {
  readonly #parts: FileParts
  readonly #written = new Map<string, Set<string>>()
  #turn: Promise<void> = Promise.resolve()

  constructor(parts: FileParts) {
    this.#parts = parts
  }

  /** One flush at a time: two that write to one file would undo each other's bytes when one of them fails. */
  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const before = this.#turn.catch(() => undefined)
    this.#turn = before.then(() => this.#write(batch, signal))
    return this.#turn
  }

  async #write(batch: Batch, signal: AbortSignal): Promise<void> {
    const key = `${batch.id}.${batch.count}`
    const written = this.#written.get(key) ?? new Set()
    this.#remember(key, written)
    for (const [path, chunks] of this.#byPath(batch)) {
      signal.throwIfAborted()
      if (written.has(path)) continue
      await this.#parts.appender.append(path, this.#parts.format(chunks))
      written.add(path)
    }
    this.#written.delete(key)
  }

  #remember(key: string, written: Set<string>): void {
    this.#written.set(key, written)
    const [oldest] = this.#written.keys()
    if (this.#written.size > keptBatches && oldest !== undefined) this.#written.delete(oldest)
  }

  #byPath(batch: Batch): ReadonlyMap<string, readonly EncodedEvents[]> {
    const files = new Map<string, EncodedEvents[]>()
    for (const chunk of batch.chunks) {
      const path = this.#parts.pathOf(chunk.tag)
      const chunks = files.get(path)
      if (chunks) chunks.push(chunk)
      else files.set(path, [chunk])
    }
    return files
  }
}
