import type { Chunk } from './chunk.js'
import type { ChunkRun, ChunkWindow } from './chunk-run.js'

/** Chunks that are still to be read. */
export interface Unread {
  chunks: number
  events: number
  bytes: number
}

/**
 * Reads a lane in order, from its position up to its end. What has left memory is loaded from disk, a window at a time.
 *
 *     disk    [ · · · · · · · · ][ w w w ] · · · ·      w: window
 *     memory                                     [ · · · · · · ]
 *                                ▲ position                 end ▲
 */
export class ReadHead {
  readonly unread: Unread = { chunks: 0, events: 0, bytes: 0 }
  /** Everything before this sequence was taken, or is not for this head. */
  position: number
  /** Where it ends; undefined for the end of the lane, wherever that is. */
  end: number | undefined
  readonly #run: ChunkRun
  readonly #isDue: (chunk: Chunk) => boolean
  /** Taken, not settled; in order, since that is how they are taken. */
  readonly #unsettled = new Set<number>()
  #window: Chunk[] = []
  #windowEnd = 0

  constructor(run: ChunkRun, isDue: (chunk: Chunk) => boolean, position: number) {
    this.#run = run
    this.#isDue = isDue
    this.position = position
  }

  /** Whether what comes next must be loaded before it can be taken. */
  get mustLoad(): boolean {
    return this.unread.chunks > 0 && this.#window.length === 0 && this.#run.isOnDisk(this.reached)
  }

  /** Everything before this sequence that this head was to read is settled. */
  get settledBefore(): number {
    for (const sequence of this.#unsettled) return sequence
    return this.unread.chunks > 0 ? this.position : (this.end ?? this.#run.next)
  }

  /** Nothing before this sequence is still to be taken; Infinity where nothing is to be had any more. */
  get untakenFrom(): number {
    return this.unread.chunks > 0 && this.covers(this.position) ? this.position : Infinity
  }

  /** Whether there is nothing left to read or to settle. */
  get isFinished(): boolean {
    return this.unread.chunks === 0 && this.#unsettled.size === 0
  }

  /** How far the window reaches, or the position where that is further. */
  get reached(): number {
    return Math.max(this.position, this.#windowEnd)
  }

  /** Whether a chunk is still to be taken by this head, if it is due at all. */
  covers(sequence: number): boolean {
    return sequence >= this.position && sequence < (this.end ?? Infinity)
  }

  /** Whether a chunk was taken and is not settled. */
  holds(sequence: number): boolean {
    return this.#unsettled.has(sequence)
  }

  /** A chunk that this head will read was added to the lane. */
  appended({ sequence, count, bytes }: Chunk): void {
    // All before it is settled or taken, for which there is no other sign than the position.
    if (this.unread.chunks === 0) this.position = Math.max(this.position, sequence)
    this.unread.chunks++
    this.unread.events += count
    this.unread.bytes += bytes
  }

  add({ chunks, events, bytes }: Unread): void {
    this.unread.chunks += chunks
    this.unread.events += events
    this.unread.bytes += bytes
  }

  /** What was loaded; each of the chunks is held until it is taken or passed over. */
  loaded({ chunks, end }: ChunkWindow): void {
    this.#window = [...chunks]
    this.#windowEnd = end
    // What was dropped meanwhile is not held until somebody asks for the next one.
    this.#nextOfWindow()
  }

  /** The next chunk within reach: of the window, then of memory. Stays the next one until it is taken. */
  next(): Chunk | undefined {
    if (this.unread.chunks === 0) return undefined
    return this.#nextOfWindow() ?? (this.#run.isOnDisk(this.reached) ? undefined : this.#nextInMemory())
  }

  take(chunk: Chunk): void {
    this.position = Math.max(this.position, chunk.sequence + 1)
    this.hold(chunk)
  }

  /** As if it was taken, wherever it stands. */
  hold(chunk: Chunk): void {
    this.add({ chunks: -1, events: -chunk.count, bytes: -chunk.bytes })
    this.#unsettled.add(chunk.sequence)
    chunk.hold()
    const index = this.#window.indexOf(chunk)
    if (index < 0) return
    this.#window.splice(index, 1)
    chunk.letGo()
  }

  settle(sequence: number): void {
    this.#unsettled.delete(sequence)
  }

  /** Hands what is not taken over to another head. */
  leave(): Unread {
    for (const chunk of this.#window.splice(0)) chunk.letGo()
    const left = { ...this.unread }
    this.add({ chunks: -left.chunks, events: -left.events, bytes: -left.bytes })
    return left
  }

  /** The same, but goes on with the newest chunks in memory: at least one, no more than `maxBytes` together. */
  leaveButNewest(maxBytes: number): Unread {
    const left = this.leave()
    const before = Math.max(this.reached, this.#run.first)
    for (this.position = this.#run.next; this.position > before; this.position--) {
      const chunk = this.#run.chunk(this.position - 1)
      if (!chunk || chunk.evicted || !this.#isDue(chunk)) continue
      if (this.unread.chunks > 0 && this.unread.bytes + chunk.bytes > maxBytes) break
      this.add({ chunks: 1, events: chunk.count, bytes: chunk.bytes })
    }
    const { chunks, events, bytes } = this.unread
    return { chunks: left.chunks - chunks, events: left.events - events, bytes: left.bytes - bytes }
  }

  #nextOfWindow(): Chunk | undefined {
    for (let [chunk] = this.#window; chunk; [chunk] = this.#window) {
      if (this.#isUnread(chunk)) return chunk
      this.#window.shift()
      chunk.letGo()
    }
    return undefined
  }

  #nextInMemory(): Chunk | undefined {
    const end = Math.min(this.end ?? Infinity, this.#run.next)
    this.position = Math.max(this.reached, this.#run.first)
    for (; this.position < end; this.position++) {
      const chunk = this.#run.chunk(this.position)
      if (chunk && this.#isUnread(chunk)) return chunk
    }
    return undefined
  }

  #isUnread(chunk: Chunk): boolean {
    return chunk.sequence >= this.position && !chunk.evicted && this.#isDue(chunk)
  }
}
