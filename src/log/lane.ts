import { Deque } from '../base/deque.js'
import { Chunk, chunkOverheadBytes, type ChunkOrigin } from './chunk.js'
import type { ChunkRun, Cursor } from './cursor.js'
import type { MemoryBudget } from './memory-budget.js'
import { Segments } from './segments.js'

/** Something that holds an open chunk until it is sealed. */
export interface OpenChunks {
  seal(): void
}

export interface LaneOptions {
  /** Begins the ids of this lane's chunks; no two runs of the agent share one. */
  readonly name: string
  readonly budget: MemoryBudget
  /** The cursors whose routes match a tag: the same list for all tags that have the same cursors. */
  readonly readers: (tag: string) => readonly Cursor[]
}

const kibibyte = 1024
const largestChunkBytes = 256 * kibibyte

/** A budget is some dozens of segments, whatever its size. */
function segmentBytesOf({ limit }: MemoryBudget): number {
  return Math.min(Math.max(Math.floor(limit / 64), 16 * kibibyte), 1024 * kibibyte)
}

/**
 * One log, held in memory: a queue of sealed chunks, whose bytes lie in segments. Appenders add at its end, each cursor reads
 * at its own pace, and a chunk goes as soon as every cursor that matches it is done with it.
 *
 *     first ──▶ [ chunk ][ chunk ][ chunk ] ◀── next        open chunks (one for each input and tag) follow
 *                  ▲ cursor B        ▲ cursor A
 */
export class Lane implements ChunkRun {
  readonly budget: MemoryBudget
  /** What a chunk may hold, unless a single event is larger. */
  readonly chunkBytes: number
  readonly #segments: Segments
  readonly #options: LaneOptions
  readonly #chunks = new Deque<Chunk>()
  readonly #open = new Set<OpenChunks>()
  #first = 0
  #evictable = 0

  constructor(options: LaneOptions) {
    const segmentBytes = segmentBytesOf(options.budget)
    this.#options = options
    this.budget = options.budget
    this.chunkBytes = Math.min(segmentBytes, largestChunkBytes)
    this.#segments = new Segments(options.budget, segmentBytes)
  }

  get first(): number {
    return this.#first
  }

  get next(): number {
    return this.#first + this.#chunks.size
  }

  chunk(sequence: number): Chunk | undefined {
    return this.#chunks.at(sequence - this.#first)
  }

  readers(tag: string): readonly Cursor[] {
    return this.#options.readers(tag)
  }

  /** Remembers whom to ask for open chunks when a cursor wants to read. */
  opened(chunks: OpenChunks): void {
    this.#open.add(chunks)
  }

  seal(): void {
    for (const chunks of this.#open) chunks.seal()
    this.#open.clear()
  }

  /** Adds a sealed chunk, copying its entries, and tells the cursors that match it. */
  append(tag: string, entries: Uint8Array, count: number, origin: Omit<ChunkOrigin, 'release'>): void {
    const readers = this.readers(tag)
    const sequence = this.next
    const fields = { id: `${this.#options.name}-${sequence.toString(36)}`, sequence, tag, count }
    const segment = this.#segments.withRoom(entries.length, readers)
    const body = { entries: segment.add(entries), segment }
    const chunk = new Chunk(fields, body, readers.length, { ...origin, release: (released) => this.#release(released) })
    this.budget.charge(chunkOverheadBytes)
    this.#chunks.push(chunk)
    for (const reader of readers) reader.appended(chunk)
  }

  /** Drops the oldest chunks that no flush holds, until the budget has room. False when there was too little to drop. */
  evictOldest(reason: string): boolean {
    this.#evictSealed(reason)
    if (!this.budget.full) return true
    this.seal()
    this.#evictSealed(reason)
    return !this.budget.full
  }

  /** The agent ends: whoever waits for an acknowledgement of what is left learns so. */
  abandon(): void {
    this.seal()
    for (let sequence = this.#first; sequence < this.next; sequence++) this.chunk(sequence)?.abandon()
  }

  #evictSealed(reason: string): void {
    this.#evictable = Math.max(this.#evictable, this.#first)
    for (; this.budget.full && this.#evictable < this.next; this.#evictable++) {
      const chunk = this.chunk(this.#evictable)
      if (chunk && !chunk.released) this.#evict(chunk, reason)
    }
  }

  #evict(chunk: Chunk, reason: string): void {
    for (const reader of this.readers(chunk.tag)) reader.evict(chunk, reason)
    chunk.evicted = true
  }

  #release({ segment, tag }: Chunk): void {
    this.budget.charge(-chunkOverheadBytes)
    if (segment) this.#segments.giveBack(segment, this.readers(tag))
    while (this.#chunks.at(0)?.released) {
      this.#chunks.shift()
      this.#first++
    }
  }
}
