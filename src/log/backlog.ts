import type { Cancel, Clock } from '../base/clock.js'
import type { InputLedger } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import type { Chunk } from './chunk.js'
import type { ChunkWindow, Wish } from './chunk-run.js'
import type { Cursor } from './cursor.js'
import { Committer, type DiskTrouble } from './disk/committer.js'
import type { DiskLog } from './disk/disk-log.js'
import { DiskReader } from './disk/disk-reader.js'
import type { Frame } from './disk/frame.js'
import type { SegmentFile } from './disk/segment-file.js'
import { expire, expireFor } from './eviction.js'
import type { Queue } from './queue.js'
import { Revived } from './revived.js'
import { SegmentRelease } from './segment-release.js'
import type { Segment } from './segments.js'

export interface BacklogSettings {
  /** `durable` writes every chunk; `spill` writes what outputs leave lying about, and what memory has no room for. */
  readonly mode: 'spill' | 'durable'
  /** Longest that a chunk stays open in a durable lane, or unwritten in one that spills, in milliseconds. */
  readonly delayMs: number
  /** Longest that a chunk waits for others to share its sync, in milliseconds. */
  readonly syncIntervalMs: number
  /** Older chunks are dropped, in milliseconds. */
  readonly maxAgeMs: number
  /** Whether the oldest segment goes when there is no more room on disk. */
  readonly dropOldest: boolean
}

export interface BacklogParts {
  readonly queue: Queue
  readonly disk: DiskLog
  readonly clock: Clock
  readonly log: Logger
  /** All cursors of the lane. */
  readonly cursors: readonly Cursor[]
  readonly ledgerOf: (input: string) => InputLedger
}

/** When something was sealed: milliseconds since 1970, and of a boot; of this one where none is named. */
export interface SealedAt {
  readonly time: number
  readonly uptime: number
  readonly boot?: string
}

/** Enough for a disk to be busy with. */
const enoughBytes = 1024 * 1024

/** What a sync costs hardly grows with what it is for: while one is on its way, much may gather for the next. */
const mostBytes = 4 * 1024 * 1024

/** Times before this one are those of a machine that did not know the date: 2020-01-01. */
const plausibleMs = 1_577_836_800_000

/** What a lane has on disk: which chunks go there and when, and how they come back for outputs that are behind. */
export class Backlog {
  readonly #settings: BacklogSettings
  readonly #parts: BacklogParts
  readonly #committer: Committer
  readonly #revived: Revived
  readonly #release: SegmentRelease
  readonly #readers = new Map<Wish, DiskReader>()
  readonly #startedAt: number
  /** Every chunk before this sequence was given to the committer, unless nobody needs it. */
  #written: number
  /** Where the lane ended at the last tick. */
  #mark: number
  #cancelTick: Cancel | undefined
  #cancelHurry: Cancel | undefined

  constructor(settings: BacklogSettings, parts: BacklogParts, next: number) {
    const { queue, disk, clock, log, ledgerOf } = parts
    const { syncIntervalMs } = settings
    const stored = (chunks: readonly Chunk[], segment: SegmentFile): void => this.#stored(chunks, segment)
    this.#settings = settings
    this.#parts = parts
    this.#written = next
    this.#mark = next
    this.#startedAt = queue.uptime
    const full = (): void => this.#dropOldest()
    this.#committer = new Committer({ syncIntervalMs, enoughBytes, mostBytes }, { disk, clock, log, stored, full })
    const age = (sealed: SealedAt): number => this.age(sealed)
    this.#revived = new Revived({ queue, ledgerOf, age })
    this.#release = new SegmentRelease({ ...parts, revived: this.#revived, age, onReleased: () => this.#released() })
    this.#tickLater()
  }

  get disk(): DiskLog {
    return this.#parts.disk
  }

  /** What keeps events from being written: `limit` where the lane's share of the disk is used up, `error` where the disk fails. */
  get trouble(): DiskTrouble {
    return this.#committer.trouble
  }

  /** Whether memory will have room soon, since events are on their way to disk. */
  get willMakeRoom(): boolean {
    return this.#release.isBusy || this.#committer.isBusy
  }

  /** Whether there may be chunks from this sequence on. */
  has(sequence: number): boolean {
    const last = this.disk.segments.at(-1)
    return last !== undefined && last.last >= sequence
  }

  /** The segment that has, or had, the chunk of this sequence. */
  segmentOf(sequence: number): SegmentFile | undefined {
    return this.disk.segments.find(({ first, last }) => first <= sequence && sequence <= last)
  }

  appended(chunk: Chunk): void {
    if (this.#settings.mode === 'spill') return
    this.#written = chunk.sequence + 1
    this.#committer.add([chunk])
  }

  /** A sender waits until its event is stored. */
  hurry(): void {
    if (this.#settings.mode === 'spill') return
    this.#cancelHurry ??= this.#parts.clock.after(this.#settings.syncIntervalMs, () => {
      this.#cancelHurry = undefined
      this.#parts.queue.seal()
      this.#committer.hurry()
    })
  }

  /** Writes what is not written yet, up to a sequence, unless nobody needs it any more. */
  write(before: number): void {
    const { queue } = this.#parts
    if (this.#committer.trouble) return
    const chunks: Chunk[] = []
    for (let sequence = Math.max(this.#written, queue.first); sequence < before; sequence++) {
      const chunk = queue.chunk(sequence)
      if (chunk && !chunk.released) chunks.push(chunk)
    }
    this.#written = Math.max(this.#written, before)
    if (chunks.length > 0) this.#committer.add(chunks)
  }

  /** A chunk has left memory's queue. */
  demote(chunk: Chunk): void {
    this.#revived.put(chunk)
  }

  letGo(chunk: Chunk): void {
    if (chunk.released && chunk.stored) this.segmentOf(chunk.sequence)?.await(chunk.input, -chunk.count)
    const [oldest] = this.disk.segments
    if (oldest && (oldest.gone || oldest.last <= chunk.sequence)) this.#release.release(false)
  }

  async load(wish: Wish, from: number): Promise<ChunkWindow> {
    const { queue } = this.#parts
    const leases: Segment[] = []
    const allocate = (bytes: number): Buffer => {
      leases.push(queue.lease(bytes))
      return (leases.at(-1) as Segment).memory.subarray(0, bytes)
    }
    try {
      const isWanted = (kind: Pick<Frame, 'tag' | 'output'>): boolean => wish.wants(kind)
      const wanted = { from, before: queue.first, isWanted }
      const { frames, segment, end } = await this.#readerOf(wish).read(wanted, allocate)
      const due = frames.filter(({ sequence }) => !wish.isDone(sequence))
      return { chunks: due.map((frame) => this.#revived.hold(frame, segment as SegmentFile, leases.at(-1))), end }
    } finally {
      for (const lease of leases) queue.returnLease(lease)
    }
  }

  /** How long ago a chunk was sealed, as well as that can be known: times of another boot are only as good as its clock was. */
  age({ time, uptime, boot }: SealedAt): number {
    const { queue, clock, disk } = this.#parts
    if (boot === undefined || boot === disk.settings.boot) return queue.uptime - uptime
    const now = clock.wall()
    const sinceStart = queue.uptime - this.#startedAt
    return time > plausibleMs && now > time ? Math.max(now - time, sinceStart) : sinceStart
  }

  /** Drops the oldest segment where the lane says so, so that there is room on disk, unless there is some already. */
  makeRoom(): void {
    if (!this.#committer.isBusy) this.#dropOldest()
  }

  /** Writes all that is left and ends the segments. Resolves once it is on disk, or once the disk refuses. */
  async close(): Promise<void> {
    this.#cancelTick?.()
    this.#cancelHurry?.()
    this.#parts.queue.seal()
    // Nothing is written to a disk that failed before it was tried again.
    if (this.trouble) await this.#committer.settle()
    this.write(this.#parts.queue.next)
    await this.#settle()
    this.#committer.stop()
    for (const reader of this.#readers.values()) await reader.close()
    await this.disk.close()
  }

  /** Where the oldest make room for the newest, they do so to the end, unless one of them cannot be dropped. */
  async #settle(): Promise<void> {
    let oldest: SegmentFile | undefined
    do {
      oldest = this.#oldest
      await this.#committer.settle()
      await this.#release.settle()
    } while (this.#oldest !== oldest || this.#committer.isBusy)
  }

  get #oldest(): SegmentFile | undefined {
    return this.disk.segments.find(({ gone }) => !gone)
  }

  abandon(): void {
    this.#revived.abandon()
  }

  #tickLater(): void {
    const { delayMs, mode } = this.#settings
    // Between one tick and the next a chunk that spills is half its delay old, so it takes two.
    this.#cancelTick = this.#parts.clock.after(mode === 'spill' ? delayMs / 2 : delayMs, () => this.#tick())
  }

  #tick(): void {
    const { queue } = this.#parts
    this.write(this.#mark)
    queue.seal()
    const isIdle = this.#mark === queue.next
    this.#mark = queue.next
    this.#expire()
    this.#release.release(isIdle)
    this.#tickLater()
  }

  #expire(): void {
    const { maxAgeMs } = this.#settings
    if (maxAgeMs < Infinity) {
      expire(this.#parts.queue, maxAgeMs)
      this.#release.evictOldest('expired', (segment) => this.age(segment) > maxAgeMs)
    }
    for (const cursor of this.#parts.cursors.filter((each) => each.maxAgeMs < Infinity)) {
      expireFor(cursor, this.#parts.queue)
      this.#release.expireFor(cursor)
    }
  }

  #dropOldest(): void {
    if (this.#settings.dropOldest && this.trouble === 'limit') this.#release.evictOldest('disk_full')
  }

  #stored(chunks: readonly Chunk[], segment: SegmentFile): void {
    for (const chunk of chunks) {
      if (!chunk.released) segment.await(chunk.input, chunk.count)
      chunk.store()
    }
    this.#parts.queue.relieve()
  }

  #released(): void {
    for (const reader of this.#readers.values()) void reader.letGo().catch(() => undefined) // it is not there any more
    if (this.trouble === 'limit') this.#committer.retry()
  }

  #readerOf(wish: Wish): DiskReader {
    const known = this.#readers.get(wish)
    if (known) return known
    const reader = new DiskReader(this.disk, this.#parts.queue.windowBytes)
    this.#readers.set(wish, reader)
    return reader
  }
}
