import { Deque } from '../base/deque.js'
import type { Clock } from '../base/clock.js'
import type { EncodedEvents } from '../event/event.js'
import type { Backlog, SealedAt } from './backlog.js'
import {
  Chunk,
  type ChunkBody,
  type ChunkFields,
  type ChunkKeeper,
  chunkOverheadBytes,
  type ChunkOrigin,
} from './chunk.js'
import type { ChunkRun, ChunkWindow, Wish } from './chunk-run.js'
import type { Cursor } from './cursor.js'
import { Eviction } from './eviction.js'
import type { MemoryBudget } from './memory-budget.js'
import type { Queue } from './queue.js'
import { type Segment, Segments } from './segments.js'

/** Something that holds an open chunk until it is sealed. */
export interface OpenChunks {
  seal(): void
}

export interface LaneOptions {
  /** Begins the ids of this lane's chunks; no two runs of the agent share one. */
  readonly run: string
  readonly budget: MemoryBudget
  readonly clock: Clock
  /** How long the machine was up when the clock's monotonic time was 0, in milliseconds. */
  readonly bootedMs?: number
  /** The cursors that an event is for: the same list for all events that have the same cursors. */
  readonly readers: (tag: string, output: string) => readonly Cursor[]
}

/** Events of one tag, encoded, and where they came from. */
export interface Sealed {
  readonly tag: string
  readonly entries: Uint8Array
  readonly count: number
  /** Id of the input. */
  readonly input: string
  /** Id of the only output that they are for; empty for every output that matches. */
  readonly output?: string
}

const kibibyte = 1024
const largestChunkBytes = 256 * kibibyte
const mostWindowBytes = 1024 * kibibyte
const leastWindowBytes = 32 * kibibyte

/** A budget is some dozens of segments, whatever its size. */
function segmentBytesOf({ limit }: MemoryBudget): number {
  return Math.min(Math.max(Math.floor(limit / 64), 16 * kibibyte), 1024 * kibibyte)
}

/**
 * One log: a queue of sealed chunks, whose bytes lie in segments of memory, and a backlog of what is on disk, if it has one. Appenders
 * add at its end, each cursor reads at its own pace, and a chunk goes as soon as every cursor that matches it is done with it.
 *
 *     backlog ──▶ [ 0000.seg ][ 01f4.seg ]        on disk
 *     first ───────────────▶ [ chunk ][ chunk ][ chunk ] ◀── next       open chunks (one for each input and tag) follow
 *                   ▲ cursor B        ▲ cursor A
 */
export class Lane implements ChunkRun, ChunkKeeper, Queue {
  readonly budget: MemoryBudget
  /** What a chunk may hold, unless a single event is larger. */
  readonly chunkBytes: number
  /** Shown each chunk as it is appended; it may keep none of its bytes, and throws nothing. */
  onAppend: ((chunk: EncodedEvents) => void) | undefined
  readonly #segments: Segments
  readonly #options: LaneOptions
  readonly #chunks = new Deque<Chunk>()
  readonly #open = new Set<OpenChunks>()
  readonly #eviction: Eviction
  #backlog: Backlog | undefined
  #first = 0
  #ingestedBytes = 0
  #ended = false

  constructor(options: LaneOptions) {
    const segmentBytes = segmentBytesOf(options.budget)
    this.#options = options
    this.budget = options.budget
    this.chunkBytes = Math.min(segmentBytes, largestChunkBytes)
    this.#segments = new Segments(options.budget, segmentBytes)
    this.#eviction = new Eviction(this, options.budget)
  }

  get first(): number {
    return this.#first
  }

  get next(): number {
    return this.#first + this.#chunks.size
  }

  /** Begins the ids of the chunks of this run. */
  get run(): string {
    return this.#options.run
  }

  get backlog(): Backlog | undefined {
    return this.#backlog
  }

  /** How long the machine is up, in milliseconds. */
  get uptime(): number {
    return (this.#options.bootedMs ?? 0) + this.#options.clock.monotonic()
  }

  /** Whether nothing more is taken. */
  get ended(): boolean {
    return this.#ended
  }

  /** Bytes of all chunks that were ever appended. */
  get ingestedBytes(): number {
    return this.#ingestedBytes
  }

  /** Events that some output still has to get and that are in memory alone. */
  get unstoredCount(): number {
    return this.unstored.reduce((sum, { count }) => sum + count, 0)
  }

  /** The chunks that some output still has to get and that are in memory alone. */
  get unstored(): readonly Chunk[] {
    const chunks: Chunk[] = []
    for (let sequence = this.#first; sequence < this.next; sequence++) {
      const chunk = this.chunk(sequence)
      if (chunk && !chunk.released && !chunk.stored) chunks.push(chunk)
    }
    return chunks
  }

  chunk(sequence: number): Chunk | undefined {
    return this.#chunks.at(sequence - this.#first)
  }

  readers(tag: string, output = ''): readonly Cursor[] {
    return this.#options.readers(tag, output)
  }

  /** Goes on from a sequence, with what is on disk before it. Nothing was appended before. */
  begin(next: number, backlog: Backlog): void {
    this.#first = next
    this.#backlog = backlog
  }

  /** Remembers whom to ask for open chunks when a cursor wants to read. */
  opened(chunks: OpenChunks): void {
    this.#open.add(chunks)
  }

  seal(): void {
    for (const chunks of this.#open) chunks.seal()
    this.#open.clear()
  }

  /** A sender waits until its event is stored: what is open is sealed soon. */
  hurry(): void {
    this.#backlog?.hurry()
  }

  /** Adds a sealed chunk, copying its entries, and tells the cursors that match it. */
  append({ tag, entries, count, input, output = '' }: Sealed, origin: ChunkOrigin): void {
    const readers = this.readers(tag, output)
    const sequence = this.next
    const body = this.#bodyOf(entries, readers)
    const fields = { id: this.idOf(sequence), sequence, tag, count, input, output, ...this.#now() }
    const chunk = this.createChunk(fields, body, readers.length, origin)
    this.#chunks.push(chunk)
    this.#ingestedBytes += chunk.bytes
    if (this.onAppend) this.onAppend(chunk)
    for (const reader of readers) reader.appended(chunk)
    this.#backlog?.appended(chunk)
    this.relieve()
  }

  /**
   * Goes on with a chunk of an earlier lane, copying its entries, for those outputs that want it; false where there is none. It stays as
   * old as it is, and keeps its id, by which a destination may know it.
   */
  adopt(earlier: Chunk, origin: ChunkOrigin, isWanted: (output: string) => boolean): boolean {
    const readers = this.readers(earlier.tag, earlier.output)
    const waiting = readers.filter(({ id }) => isWanted(id))
    if (waiting.length === 0) return false
    for (const reader of readers) if (!isWanted(reader.id)) reader.pass()
    const { id, tag, count, input, output, time, uptime } = earlier
    const fields = { id, sequence: this.next, tag, count, input, output, time, uptime }
    const chunk = this.createChunk(fields, this.#bodyOf(earlier.entries, readers), waiting.length, origin)
    if (earlier.remains) chunk.resume(earlier.remains)
    this.#chunks.push(chunk)
    for (const reader of waiting) reader.adopted(chunk)
    this.#backlog?.appended(chunk)
    this.relieve()
    return true
  }

  createChunk(fields: ChunkFields, body: ChunkBody, waiting: number, origin: ChunkOrigin): Chunk {
    this.budget.charge(chunkOverheadBytes)
    return new Chunk(fields, body, waiting, origin, this)
  }

  idOf(sequence: number, run = this.#options.run): string {
    return `${run}-${sequence.toString(36)}`
  }

  age(chunk: Chunk): number {
    return this.#ageOf(chunk)
  }

  /** How long ago the chunk of this sequence was sealed, in milliseconds; on disk, at least so long. */
  ageAt(sequence: number): number {
    const found = this.chunk(sequence) ?? this.#backlog?.segmentOf(sequence)
    return found ? this.#ageOf(found) : 0
  }

  isOnDisk(sequence: number): boolean {
    return sequence < this.#first && (this.#backlog?.has(sequence) ?? false)
  }

  load(wish: Wish, from: number): Promise<ChunkWindow> {
    if (!this.#backlog) return Promise.resolve({ chunks: [], end: this.#first })
    return this.#backlog.load(wish, from)
  }

  get windowBytes(): number {
    return Math.min(Math.max(Math.floor(this.budget.limit / 32), leastWindowBytes), mostWindowBytes)
  }

  /** Memory to read chunks from disk into. */
  lease(bytes: number): Segment {
    return this.#segments.lease(bytes)
  }

  returnLease(segment: Segment): void {
    this.#segments.giveBack(segment)
  }

  /** Makes room in memory: of what is on disk, and by writing more of it there. */
  relieve(): void {
    const { budget } = this
    if (!this.#backlog || !budget.crowded) return
    for (let oldest = this.#chunks.at(0); oldest && budget.crowded; oldest = this.#chunks.at(0)) {
      if (!oldest.released && !oldest.stored) break
      this.#shift()
      if (!oldest.released) this.#backlog.demote(oldest)
    }
    if (budget.crowded) this.#backlog.write(this.next)
  }

  /** Drops the oldest events, be it on disk or in memory, so that there is room for newer ones. False when there was too little to drop. */
  makeRoom(bytes: number): boolean {
    this.#backlog?.makeRoom()
    // A disk that works makes room in memory too, though not at once: until then there is what lies between full and the limit.
    if (this.#backlog?.willMakeRoom && !this.budget.exceededBy(bytes)) return true
    return this.#eviction.makeRoom('memory_full')
  }

  /** The agent ends: whoever waits for an acknowledgement of what is left learns so, and nothing more is taken. */
  abandon(): void {
    this.seal()
    this.#ended = true
    this.budget.close()
    for (let sequence = this.#first; sequence < this.next; sequence++) this.chunk(sequence)?.abandon()
    this.#backlog?.abandon()
  }

  letGo(chunk: Chunk): void {
    if (chunk.sequence >= this.#first) while (this.#chunks.at(0)?.released) this.#shift()
    else this.#backlog?.demote(chunk)
    this.#backlog?.letGo(chunk)
  }

  release({ segment, tag, output }: Chunk): void {
    this.budget.charge(-chunkOverheadBytes)
    if (segment) this.#segments.giveBack(segment, this.readers(tag, output))
  }

  #bodyOf(entries: Uint8Array, readers: readonly Cursor[]): ChunkBody {
    const segment = this.#segments.withRoom(entries.length, readers)
    return { entries: segment.add(entries), segment }
  }

  #ageOf(sealed: SealedAt): number {
    return this.#backlog ? this.#backlog.age(sealed) : this.uptime - sealed.uptime
  }

  #shift(): void {
    this.#chunks.shift()
    this.#first++
  }

  #now(): Pick<Chunk, 'time' | 'uptime'> {
    return { time: this.#options.clock.wall(), uptime: this.uptime }
  }
}
