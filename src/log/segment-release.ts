import type { InputLedger } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { Chunk } from './chunk.js'
import type { Cursor } from './cursor.js'
import type { DiskLog } from './disk/disk-log.js'
import { DiskReader, type DiskWindow } from './disk/disk-reader.js'
import type { SegmentFile } from './disk/segment-file.js'
import { evict } from './eviction.js'
import type { Queue } from './queue.js'
import type { Revived } from './revived.js'
import type { Segment } from './segments.js'

export interface ReleaseParts {
  readonly queue: Queue
  readonly disk: DiskLog
  readonly revived: Revived
  readonly cursors: readonly Cursor[]
  readonly ledgerOf: (input: string) => InputLedger
  readonly log: Logger
  /** Segments were removed: there is room on disk again. */
  readonly onReleased: () => void
}

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
    const before = Math.min(...cursors.map(({ settledBefore }) => settledBefore))
    const isDone = (segment: SegmentFile): boolean =>
      segment.gone || (segment.last < before && (isIdle || segment !== disk.writing))
    if (!disk.hasLeftovers && !(oldest && isDone(oldest))) return
    this.#releasing = this.#release(isDone)
  }

  /** Drops the oldest segment, one at a time, if it is due; what flushes have in hand of it they keep. */
  evictOldest(reason: string, isDue: (segment: SegmentFile) => boolean = () => true): void {
    const segment = this.#parts.disk.segments.find(({ gone }) => !gone)
    if (this.isBusy || !segment || !isDue(segment)) return
    this.#evicting = this.#evict(segment, reason, isDue)
  }

  async #release(isDone: (segment: SegmentFile) => boolean): Promise<void> {
    await this.#parts.disk.release(isDone, (segment) => this.#account(segment))
    this.#releasing = undefined
    this.#parts.onReleased()
  }

  async #evict(segment: SegmentFile, reason: string, isDue: (segment: SegmentFile) => boolean): Promise<void> {
    const { disk, cursors, log } = this.#parts
    const reader = new DiskReader(disk, this.#parts.queue.windowBytes)
    try {
      // What comes while it is read would go with it unseen.
      if (segment === disk.writing) await disk.close()
      if (!isDue(segment)) return
      await this.#evictChunks(reader, segment, reason)
      segment.gone = true
      for (const cursor of cursors) cursor.skipTo(segment.last + 1)
    } catch (error) {
      log.error(`${segment.path}: not dropped: ${messageOf(error)}`)
    } finally {
      await reader.close()
      // One that is under way may have gone past it already.
      await this.#releasing
      this.#evicting = undefined
      if (segment.gone) this.release(true)
    }
  }

  async #evictChunks(reader: DiskReader, segment: SegmentFile, reason: string): Promise<void> {
    const { queue } = this.#parts
    const before = segment.last + 1
    for (let from = segment.first; from < before;) {
      const leases: Segment[] = []
      const allocate = (bytes: number): Buffer => {
        leases.push(queue.lease(bytes))
        return (leases.at(-1) as Segment).memory.subarray(0, bytes)
      }
      try {
        const window = await reader.read({ from, before, isWanted: () => true }, allocate)
        this.#evictFrames(window, segment, leases.at(-1), reason)
        from = window.end
      } finally {
        for (const lease of leases) queue.returnLease(lease)
      }
    }
  }

  // oxlint-disable-next-line max-params -- all of one window
  #evictFrames({ frames }: DiskWindow, segment: SegmentFile, lease: Segment | undefined, reason: string): void {
    const { queue, revived } = this.#parts
    for (const frame of frames) {
      const { tag, output, sequence } = frame
      if (queue.readers(tag, output).every((cursor) => cursor.isDone(sequence))) continue
      const chunk = revived.hold(frame, segment, lease)
      evict(queue, chunk, reason)
      chunk.letGo()
    }
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
