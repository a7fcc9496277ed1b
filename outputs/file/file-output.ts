import { type Batch, BatchNotes, type EncodedEvents, type Output } from 'sluice/plugin'
import type { Appender } from './appender.js'
import type { FileFormat } from './formats.js'

export interface FileParts {
  readonly pathOf: (tag: string) => string
  readonly format: FileFormat
  readonly appender: Appender
}

/** Writes each tag's events to its file. */
export class FileOutput implements Output {
  readonly #parts: FileParts
  /** Paths of the files that have their part of a batch. */
  readonly #written = new BatchNotes(() => new Set<string>())
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
    const written = this.#written.of(batch)
    for (const [path, chunks] of this.#byPath(batch)) {
      signal.throwIfAborted()
      if (written.has(path)) continue
      await this.#parts.appender.append(path, (isFirst) => this.#parts.format(chunks, isFirst))
      written.add(path)
    }
    // Of a flush that took too long nobody hears that it went well in the end: its retry has nothing to write again.
    if (!signal.aborted) this.#written.forget(batch)
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
