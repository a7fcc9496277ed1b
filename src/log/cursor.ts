import type { OutputLedger } from '../observe/ledger.js'
import type { Chunk } from './chunk.js'

/** The part of a lane that cursors read. */
export interface ChunkRun {
  /** Sequence of the oldest chunk still kept. */
  readonly first: number
  /** Sequence that the next chunk will get. */
  readonly next: number
  chunk(sequence: number): Chunk | undefined
  /** Seals what is open, so that it can be read. */
  seal(): void
}

/**
 * How far one output has got in one lane. Everything before `position` was taken: it is delivered, dropped, or in the
 * hands of the output's flushes.
 */
export class Cursor {
  readonly ledger: OutputLedger
  readonly #matches: (tag: string) => boolean
  readonly #run: ChunkRun
  #position: number
  #unreadBytes = 0
  #unreadChunks = 0
  #open = false
  /** Called when there is something new to read. */
  onReadable: () => void = () => undefined

  constructor(run: ChunkRun, matches: (tag: string) => boolean, ledger: OutputLedger) {
    this.#run = run
    this.#matches = matches
    this.ledger = ledger
    this.#position = run.next
  }

  /** Bytes of sealed chunks not taken yet. */
  get unreadBytes(): number {
    return this.#unreadBytes
  }

  get readable(): boolean {
    return this.#open || this.#unreadChunks > 0
  }

  matches(tag: string): boolean {
    return this.#matches(tag)
  }

  /** A chunk that this cursor will read was opened. */
  opened(): void {
    this.#open = true
    this.onReadable()
  }

  /** A chunk that this cursor will read was sealed. */
  appended(chunk: Chunk): void {
    this.ledger.routed += chunk.count
    this.ledger.pending += chunk.count
    this.#unreadBytes += chunk.bytes
    this.#unreadChunks++
    this.onReadable()
  }

  /** Gives `chunk` up for this output, unless it was taken already. */
  evict(chunk: Chunk, reason: string): void {
    if (chunk.sequence < this.#position) return
    this.#read(chunk)
    this.settle(chunk, chunk.count, reason)
  }

  /** The next chunks in order, at least one if there is any, no more than `maxBytes` together. */
  take(maxBytes: number): Chunk[] {
    this.#open = false
    this.#run.seal()
    const taken: Chunk[] = []
    let bytes = 0
    this.#position = Math.max(this.#position, this.#run.first)
    for (; this.#unreadChunks > 0 && this.#position < this.#run.next; this.#position++) {
      const chunk = this.#run.chunk(this.#position)
      if (!chunk || chunk.evicted || !this.#matches(chunk.tag)) continue
      if (taken.length > 0 && bytes + chunk.bytes > maxBytes) break
      bytes += chunk.bytes
      taken.push(chunk)
      this.#read(chunk)
    }
    return taken
  }

  /** This output is done with a chunk, having given up `lost` of its events for `reason`. */
  settle(chunk: Chunk, lost = 0, reason = ''): void {
    this.ledger.pending -= chunk.count
    this.ledger.delivered += chunk.count - lost
    if (lost > 0) this.ledger.dropped.add(reason, lost)
    chunk.settle(lost, reason)
  }

  #read(chunk: Chunk): void {
    this.#unreadBytes -= chunk.bytes
    this.#unreadChunks--
  }
}
