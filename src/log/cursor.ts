import { SequenceSet } from '../base/sequence-set.js'
import type { OutputLedger } from '../observe/ledger.js'
import type { Chunk } from './chunk.js'

/** The part of a lane that cursors read. */
export interface ChunkRun {
  /** Sequence of the oldest chunk in memory. */
  readonly first: number
  /** Sequence that the next chunk will get. */
  readonly next: number
  /** A chunk in memory. */
  chunk(sequence: number): Chunk | undefined
  /** Whether disk has chunks from this sequence on that memory has not. */
  isOnDisk(sequence: number): boolean
  /** Chunks from disk for this cursor, from this sequence on: some at a time, in order, each of them kept from being unloaded. */
  load(cursor: Cursor, from: number): Promise<ChunkWindow>
  /** Seals what is open, so that it can be read. */
  seal(): void
  /** How long ago a chunk was sealed, in milliseconds. */
  age(chunk: Chunk): number
}

export interface ChunkWindow {
  readonly chunks: readonly Chunk[]
  /** Everything on disk before this sequence was looked at. */
  readonly end: number
}

export interface CursorSettings {
  /** Id of the output. */
  readonly id: string
  readonly matches: (tag: string) => boolean
  /** Older chunks are dropped, in milliseconds. */
  readonly maxAgeMs?: number
}

/** Where a cursor stood when the agent ended. */
export interface CursorState {
  /** Everything before was settled. */
  readonly position: number
  /** What was settled beyond it. */
  readonly settled: ReturnType<SequenceSet['toJSON']>
}

/** Chunks that a cursor still has to read. */
export interface Unread {
  chunks: number
  events: number
  bytes: number
}

/**
 * How far one output has got in one lane. Everything before the position was taken: it is delivered, dropped, or in the hands of
 * the output's flushes. What has left memory is loaded from disk, a window at a time.
 *
 *     disk    [ · · · · · · · · ][ w w w ] · · · ·      w: window
 *     memory                                     [ · · · · · · ]
 *                                ▲ position               next ▲
 */
export class Cursor {
  readonly ledger: OutputLedger
  readonly id: string
  readonly matches: (tag: string) => boolean
  readonly #run: ChunkRun
  readonly #maxAgeMs: number
  readonly #unread: Unread = { chunks: 0, events: 0, bytes: 0 }
  /** Taken, not settled; in order, since that is how they are taken. */
  readonly #unsettled = new Set<number>()
  /** Settled, though an older one is not. */
  #ahead = new SequenceSet()
  #position: number
  #window: Chunk[] = []
  #windowEnd = 0
  #open = false
  /** Called when there is something new to read. */
  onReadable: () => void = () => undefined

  constructor(run: ChunkRun, { id, matches, maxAgeMs = Infinity }: CursorSettings, ledger: OutputLedger) {
    this.#run = run
    this.id = id
    this.matches = matches
    this.#maxAgeMs = maxAgeMs
    this.ledger = ledger
    this.#position = run.next
  }

  /** Bytes of sealed chunks not taken yet. */
  get unreadBytes(): number {
    return this.#unread.bytes
  }

  get readable(): boolean {
    return this.#open || this.#unread.chunks > 0
  }

  /** Whether what comes next must be loaded before it can be taken. */
  get mustLoad(): boolean {
    return this.#unread.chunks > 0 && this.#window.length === 0 && this.#run.isOnDisk(this.#reached)
  }

  /** Everything before this sequence is settled. */
  get settledBefore(): number {
    for (const sequence of this.#unsettled) return sequence
    return this.#unread.chunks > 0 ? this.#position : this.#run.next
  }

  get state(): CursorState {
    const position = this.settledBefore
    this.#ahead.deleteBelow(position)
    return { position, settled: this.#ahead.toJSON() }
  }

  /** Whether this output is done with a chunk that it matches. */
  isDone(sequence: number): boolean {
    return sequence < this.#position ? !this.#unsettled.has(sequence) : this.#ahead.has(sequence)
  }

  /** Goes on where it stood before a restart, with this much to read from there on. */
  restore({ position, settled }: CursorState, { chunks, events, bytes }: Unread): void {
    this.#position = position
    this.#ahead = new SequenceSet(settled)
    this.#count({ chunks, events, bytes }, 1)
    this.ledger.pending += events
    if (chunks > 0) this.onReadable()
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
    this.#unread.chunks++
    this.#unread.events += chunk.count
    this.#unread.bytes += chunk.bytes
    this.onReadable()
  }

  /** Gives `chunk` up for this output, unless it was taken already. */
  evict(chunk: Chunk, reason: string): void {
    if (chunk.sequence < this.#position || this.#ahead.has(chunk.sequence)) return
    this.#read(chunk)
    this.settle(chunk, chunk.count, reason)
  }

  /** Nothing is to be had before this sequence any more. */
  skipTo(sequence: number): void {
    this.#position = Math.max(this.#position, sequence)
  }

  /** Reads the next chunks from disk, so that they can be taken. Rejects with what the system says. */
  async load(): Promise<void> {
    const { chunks, end } = await this.#run.load(this, this.#reached)
    this.#window = [...chunks]
    this.#windowEnd = end
  }

  /** The next chunks in order, at least one if there is any within reach, no more than `maxBytes` together. */
  take(maxBytes: number): Chunk[] {
    this.#open = false
    this.#run.seal()
    const taken: Chunk[] = []
    let bytes = 0
    for (let chunk = this.#next(); chunk; chunk = this.#next()) {
      if (taken.length > 0 && bytes + chunk.bytes > maxBytes) break
      this.#position = chunk.sequence + 1
      this.#read(chunk)
      if (this.#maxAgeMs < Infinity && this.#run.age(chunk) > this.#maxAgeMs) {
        this.settle(chunk, chunk.count, 'expired')
        continue
      }
      bytes += chunk.bytes
      taken.push(chunk)
    }
    return taken
  }

  /** This output is done with a chunk, having given up `lost` of its events for `reason`. */
  settle(chunk: Chunk, lost = 0, reason = ''): void {
    this.ledger.pending -= chunk.count
    this.ledger.delivered += chunk.count - lost
    if (lost > 0) this.ledger.dropped.add(reason, lost)
    this.#settled(chunk.sequence)
    chunk.settle(lost, reason)
  }

  /** How far the window reaches, or the position where that is further. */
  get #reached(): number {
    return Math.max(this.#position, this.#windowEnd)
  }

  /** The next chunk within reach: of the window, then of memory. */
  #next(): Chunk | undefined {
    if (this.#unread.chunks === 0) return undefined
    for (let [chunk] = this.#window; chunk; [chunk] = this.#window) {
      if (this.#isDue(chunk)) return chunk
      this.#window.shift()
      chunk.letGo()
    }
    if (this.#run.isOnDisk(this.#reached)) return undefined
    this.#position = Math.max(this.#reached, this.#run.first)
    for (; this.#position < this.#run.next; this.#position++) {
      const chunk = this.#run.chunk(this.#position)
      if (chunk && this.#isDue(chunk)) return chunk
    }
    this.#missed()
    return undefined
  }

  #isDue({ sequence, evicted, tag, output }: Chunk): boolean {
    if (evicted || sequence < this.#position || this.#ahead.has(sequence)) return false
    return output === '' ? this.matches(tag) : output === this.id
  }

  #read(chunk: Chunk): void {
    this.#count({ chunks: 1, events: chunk.count, bytes: chunk.bytes }, -1)
    this.#unsettled.add(chunk.sequence)
    chunk.hold()
  }

  #settled(sequence: number): void {
    const isFirst = this.settledBefore === sequence
    this.#unsettled.delete(sequence)
    if (!isFirst || sequence >= this.#position) this.#ahead.add(sequence)
    else if (!this.#ahead.isEmpty) this.#ahead.deleteBelow(this.settledBefore)
  }

  /** All there is was read, yet more was counted: a segment was damaged, or is gone. */
  #missed(): void {
    const { events } = this.#unread
    this.ledger.pending -= events
    this.ledger.dropped.add('corrupt', events)
    this.#count({ ...this.#unread }, -1)
  }

  #count({ chunks, events, bytes }: Unread, sign: 1 | -1): void {
    this.#unread.chunks += sign * chunks
    this.#unread.events += sign * events
    this.#unread.bytes += sign * bytes
  }
}
