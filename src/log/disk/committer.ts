import type { Cancel, Clock } from '../../base/clock.js'
import type { Logger } from '../../plugin/context.js'
import { messageOf } from '../../plugin/errors.js'
import type { Chunk } from '../chunk.js'
import { DiskFullError, type DiskLog } from './disk-log.js'
import type { SegmentFile } from './segment-file.js'

export interface CommitSettings {
  /** Longest that a chunk waits for others to share its sync. */
  readonly syncIntervalMs: number
  /** So many bytes wait for nobody. */
  readonly enoughBytes: number
  /** Most bytes in one write. */
  readonly mostBytes: number
}

export interface CommitParts {
  readonly disk: DiskLog
  readonly clock: Clock
  readonly log: Logger
  /** Chunks are durable. */
  readonly stored: (chunks: readonly Chunk[], segment: SegmentFile) => void
  /** There is no room on disk for chunks that senders wait for. */
  readonly full: () => void
}

/** What keeps chunks from being written. */
export type DiskTrouble = 'limit' | 'error' | undefined

const firstPauseMs = 1000
const longestPauseMs = 30_000

/**
 * Group commit: chunks that come while the disk is busy, or within the sync interval, are written together and share one fdatasync. A
 * disk that fails is tried again by itself; until it works nothing is called stored.
 */
export class Committer {
  readonly #settings: CommitSettings
  readonly #parts: CommitParts
  #queue: Chunk[] = []
  #bytes = 0
  #trouble: DiskTrouble
  #pauseMs = firstPauseMs
  #cancel: Cancel | undefined
  #working: Promise<void> | undefined

  constructor(settings: CommitSettings, parts: CommitParts) {
    this.#settings = settings
    this.#parts = parts
  }

  get trouble(): DiskTrouble {
    return this.#trouble
  }

  /** Whether chunks are on their way to disk, be it to one that failed and is tried again. */
  get isBusy(): boolean {
    return this.#working !== undefined || (this.#trouble === undefined && this.#queue.length > 0)
  }

  /** Writes these chunks soon, in the order in which they come here. */
  add(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      this.#bytes += chunk.bytes
      this.#queue.push(chunk)
      if (!this.#trouble) chunk.awaitStore()
    }
    if (this.#working || this.#trouble) return
    if (this.#bytes >= this.#settings.enoughBytes) this.#start()
    else this.#cancel ??= this.#parts.clock.after(this.#settings.syncIntervalMs, () => this.#start())
  }

  /** Writes now what waits for others, unless the disk has failed. */
  hurry(): void {
    if (!this.#trouble) this.retry()
  }

  /** Tries again now, such as when there is room again on a full disk. */
  retry(): void {
    if (this.#queue.length > 0) this.#start()
  }

  /** Resolves once everything is written, or once the disk refuses. */
  async settle(): Promise<void> {
    if (this.#queue.length > 0 || this.#trouble) this.#start()
    // What came in its last moment has a round of its own.
    while (this.#working) await this.#working
  }

  stop(): void {
    this.#cancel?.()
  }

  #start(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#working) return
    this.#working = this.#run().finally(() => {
      this.#working = undefined
      // What came while the last round was on its way out.
      if (this.#queue.length > 0 && !this.#trouble) this.#start()
    })
  }

  async #run(): Promise<void> {
    if (this.#trouble) this.#resume()
    if (this.#queue.length === 0) this.#recovered()
    while (this.#queue.length > 0) {
      const group = this.#queue.slice(0, this.#parts.disk.fitting(this.#queue, this.#settings.mostBytes))
      const due = group.filter((chunk) => chunk.awaitsStore)
      try {
        if (due.length > 0) await this.#write(due)
        else this.#recovered()
        this.#queue.splice(0, group.length)
        for (const chunk of group) this.#bytes -= chunk.bytes
      } catch (error) {
        return this.#failed(error)
      }
    }
  }

  async #write(chunks: readonly Chunk[]): Promise<void> {
    for (const chunk of chunks) chunk.writing = true
    try {
      const segment = await this.#parts.disk.append(chunks)
      this.#recovered()
      this.#parts.stored(chunks, segment)
    } finally {
      for (const chunk of chunks) chunk.writing = false
    }
  }

  /** What was dropped or delivered meanwhile needs no writing. */
  #resume(): void {
    this.#queue = this.#queue.filter((chunk) => !chunk.released)
    this.#bytes = this.#queue.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const chunk of this.#queue) chunk.awaitStore()
  }

  #recovered(): void {
    if (this.#trouble === 'error') this.#parts.log.info('the disk takes events again')
    this.#trouble = undefined
    this.#pauseMs = firstPauseMs
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#parts
    // While nothing can be written, memory is there for those who drop the oldest events.
    for (const chunk of this.#queue) chunk.giveUpStore()
    const isFull = error instanceof DiskFullError
    this.#trouble = isFull ? 'limit' : 'error'
    const message = `events stay in memory: ${messageOf(error)}`
    if (isFull) log.warn(message)
    else log.error(message, { next_try_ms: this.#pauseMs })
    this.#cancel = clock.after(this.#pauseMs, () => this.#start())
    this.#pauseMs = isFull ? firstPauseMs : Math.min(2 * this.#pauseMs, longestPauseMs)
    if (isFull && this.#queue.some((chunk) => chunk.awaited)) this.#parts.full()
  }
}
