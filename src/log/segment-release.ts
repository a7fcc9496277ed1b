import type { InputLedger } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { Chunk } from './chunk.js'
import type { Cursor } from './cursor.js'
import type { DiskLog } from './disk/disk-log.js'
import type { SegmentFile } from './disk/segment-file.js'
import { dropFrames, type Dropping } from './drop-frames.js'
import { evict } from './eviction.js'
import type { Queue } from './queue.js'
import type { Revived } from './revived.js'

export interface ReleaseParts {
  readonly queue: Queue
  readonly disk: DiskLog
  readonly revived: Revived
  readonly cursors: readonly Cursor[]
  readonly ledgerOf: (input: string) => InputLedger
  /** How long ago the newest chunk of a segment was sealed, in milliseconds. */
  readonly age: (segment: SegmentFile) => number
  readonly log: Logger
  /** Segments were removed: there is room on disk again. */
  readonly onReleased: () => void
}

type SegmentTest = (segment: SegmentFile) => boolean

/** When segment files go: once every cursor has passed them, or when they are dropped to make room. */
export class SegmentRelease {
  readonly #parts: ReleaseParts
  #releasing: Promise<void> | undefined
  #evicting: Promise<void> | undefined

  constructor(parts: ReleaseParts) {
    this.#parts = parts
  }

  /** Whether a segment is being dropped or removed. */
  get isBusy(): boolean {
    return this.#evicting !== undefined || this.#releasing !== undefined
  }

  /** Resolves once no segment is being dropped or removed. */
  async settle(): Promise<void> {
    while (this.isBusy) {
      await this.#evicting
      await this.#releasing
    }
  }

  /** Removes the segments that every cursor has passed; the one that is written to only when there is nothing to write. */
  release(isIdle: boolean): void {
    const { disk, cursors } = this.#parts
    const [oldest] = disk.segments
    if (this.#releasing) return
    const isDone = (segment: SegmentFile): boolean => {
      if (segment.gone) return true
      return (isIdle || segment !== disk.writing) && cursors.every((cursor) => this.#isDoneWith(cursor, segment))
    }
    if (!disk.hasLeftovers && !(oldest && isDone(oldest))) return
    this.#releasing = this.#release(isDone)
  }

  /** Drops the oldest segment, one at a time, if it is due; what flushes have in hand of it they keep. */
  evictOldest(reason: string, isDue: SegmentTest = () => true): void {
    const segment = this.#parts.disk.segments.find(({ gone }) => !gone)
    if (this.isBusy || !segment || !isDue(segment)) return
    this.#evicting = this.#evict(segment, reason, isDue)
  }

  /** Drops what one output has not taken though it is too old for it, segment by segment; other outputs read on. */
  expireFor(cursor: Cursor): void {
    if (this.isBusy || !this.#expiredFor(cursor)) return
    this.#evicting = this.#expireFor(cursor)
  }

  async #release(isDone: SegmentTest): Promise<void> {
    await this.#parts.disk.release(isDone, (segment) => this.#account(segment))
    this.#releasing = undefined
    this.#parts.onReleased()
  }

  async #evict(segment: SegmentFile, reason: string, isDue: SegmentTest): Promise<void> {
    const { cursors, log } = this.#parts
    try {
      if (!(await this.#isStillDue(segment, isDue))) return
      await dropFrames(segment, this.#forAll(reason), this.#parts)
      segment.gone = true
      for (const cursor of cursors) cursor.skipTo(segment.last + 1)
    } catch (error) {
      log.error(`${segment.path}: not dropped: ${messageOf(error)}`)
    } finally {
      // One that is under way may have gone past it already.
      await this.#releasing
      this.#evicting = undefined
      if (segment.gone) this.release(true)
    }
  }

  async #expireFor(cursor: Cursor): Promise<void> {
    const next = (): SegmentFile | undefined => this.#expiredFor(cursor)
    try {
      for (let segment = next(); segment; segment = next()) await this.#expireSegment(segment, cursor)
    } catch (error) {
      this.#parts.log.error(`${cursor.id}: what is too old is not dropped: ${messageOf(error)}`)
    } finally {
      this.#evicting = undefined
      this.release(false)
    }
  }

  async #expireSegment(segment: SegmentFile, cursor: Cursor): Promise<void> {
    if (!(await this.#isStillDue(segment, (each) => this.#isTooOld(cursor, each)))) return
    await dropFrames(segment, forOne(cursor, 'expired'), this.#parts)
    cursor.skipTo(segment.last + 1)
  }

  /** The oldest segment that may have something for an output to take, if it is too old. */
  #expiredFor(cursor: Cursor): SegmentFile | undefined {
    const { segments } = this.#parts.disk
    const oldest = segments.find(({ gone, last }) => !gone && last >= cursor.untakenFrom)
    return oldest && this.#isTooOld(cursor, oldest) ? oldest : undefined
  }

  /** What comes while a segment is read would go with it unseen. */
  async #isStillDue(segment: SegmentFile, isDue: SegmentTest): Promise<boolean> {
    const { disk } = this.#parts
    if (segment === disk.writing) await disk.close()
    return isDue(segment)
  }

  #forAll(reason: string): Dropping {
    const { queue } = this.#parts
    return {
      isWanted: () => true,
      isDue: ({ tag, output, sequence }) => queue.readers(tag, output).some((cursor) => !cursor.isDone(sequence)),
      drop: (chunk) => evict(queue, chunk, reason),
    }
  }

  /** What an output has in hand it keeps: where that is too old, its file need not wait for it. */
  #isDoneWith(cursor: Cursor, segment: SegmentFile): boolean {
    const { last } = segment
    return last < cursor.settledBefore || (last < cursor.untakenFrom && this.#isTooOld(cursor, segment))
  }

  #isTooOld(cursor: Cursor, segment: SegmentFile): boolean {
    return cursor.maxAgeMs < Infinity && this.#parts.age(segment) > cursor.maxAgeMs
  }

  /** What a segment still owed when it went, other than what is in somebody's hands, could not be read. */
  #account(segment: SegmentFile): void {
    for (const chunk of this.#inHand(segment)) if (!chunk.released) segment.await(chunk.input, -chunk.count)
    this.#parts.revived.forget(segment.first, segment.last)
    for (const [input, events] of segment.pending) {
      if (events <= 0) continue
      const ledger = this.#parts.ledgerOf(input)
      ledger.pending -= events
      ledger.dropped.add('corrupt', events)
    }
  }

  /** Chunks of a segment that memory has too. */
  *#inHand({ first, last }: SegmentFile): Iterable<Chunk> {
    const { queue, revived } = this.#parts
    yield* revived.between(first, last)
    for (let sequence = Math.max(first, queue.first); sequence <= Math.min(last, queue.next - 1); sequence++) {
      const chunk = queue.chunk(sequence)
      if (chunk) yield chunk
    }
  }
}

function forOne(cursor: Cursor, reason: string): Dropping {
  return {
    isWanted: (group) => cursor.wants(group),
    isDue: ({ sequence }) => !cursor.isDone(sequence),
    drop: (chunk) => cursor.evict(chunk, reason),
  }
}
