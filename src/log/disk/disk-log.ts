import type { Counters } from '../../observe/counters.js'
import { AgentError } from '../../plugin/errors.js'
import type { Chunk } from '../chunk.js'
import { isGone, type LogFile, type LogFiles } from './files.js'
import { type FrameFields, frameSize, frameStart } from './frame.js'
import type { Quarantine } from './quarantine.js'
import { SegmentFile } from './segment-file.js'
import { segmentHead, segmentHeadBytes, summaryFrame } from './segment-format.js'

export interface DiskSettings {
  readonly folder: string
  /** Begins the ids of the chunks that this agent writes: see segment-format.ts. */
  readonly run: string
  /** Id of the machine's boot: 32 hexadecimal digits. */
  readonly boot: string
  readonly segmentBytes: number
  /** Most bytes of all segments together. */
  readonly limitBytes: number
}

export interface DiskParts {
  readonly files: LogFiles
  readonly quarantine: Quarantine
  /** `written_bytes`, `syncs`, `sync_ms`, and more of the kind. */
  readonly counters: Counters
  /** Milliseconds that only ever go on. */
  readonly now: () => number
}

type SegmentTest = (segment: SegmentFile) => boolean

interface OpenSegment {
  readonly segment: SegmentFile
  readonly file: LogFile
}

/** The disk has no more room for this lane. Not an error of the disk: what is delivered makes room again. */
export class DiskFullError extends AgentError {
  constructor(limitBytes: number) {
    super('LOG_DISK_LIMIT', `disk_limit: ${limitBytes} bytes are in use`)
  }
}

/**
 * The segment files of a lane, oldest first. One append at a time, always at the end of the newest file; a file is removed as a
 * whole.
 *
 *     first ──▶ [ 0000.seg ][ 01f4.seg ][ 03e8.seg ◀── appended ]
 */
export class DiskLog {
  readonly settings: DiskSettings
  readonly #parts: DiskParts
  readonly #segments: SegmentFile[]
  /** Files that the disk would not remove, by their paths: how many bytes they have. */
  readonly #leftovers = new Map<string, number>()
  #open: OpenSegment | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(settings: DiskSettings, parts: DiskParts, segments: readonly SegmentFile[]) {
    this.settings = settings
    this.#parts = parts
    this.#segments = [...segments]
  }

  get files(): LogFiles {
    return this.#parts.files
  }

  get quarantine(): Quarantine {
    return this.#parts.quarantine
  }

  get segments(): readonly SegmentFile[] {
    return this.#segments
  }

  /** The segment that is appended to, if there is one. */
  get writing(): SegmentFile | undefined {
    return this.#open?.segment
  }

  /** The segment that is appended to counts with the size that it may reach. */
  get usedBytes(): number {
    const { segmentBytes } = this.settings
    const leftBytes = [...this.#leftovers.values()].reduce((sum, bytes) => sum + bytes, 0)
    return this.#segments.reduce((sum, segment) => {
      if (segment.gone) return sum
      return sum + (segment === this.#open?.segment ? Math.max(segmentBytes, segment.size) : segment.size)
    }, leftBytes)
  }

  /** Whether there are files that are still to be removed. */
  get hasLeftovers(): boolean {
    return this.#leftovers.size > 0
  }

  /** How many of these chunks one append may take: as many as one segment has room for, at least one. */
  fitting(chunks: readonly Chunk[], mostBytes: number): number {
    const open = this.#open?.segment
    const left = this.settings.segmentBytes - (open?.size ?? segmentHeadBytes)
    let bytes = 0
    let count = 0
    for (const chunk of chunks) {
      bytes += frameSize(chunk, chunk.bytes)
      if (count > 0 && (bytes > mostBytes || bytes > left)) break
      count++
    }
    return count
  }

  /** Writes chunks, and answers the segment that has them once they are durable. Rejects with a DiskFullError, or with what the system says. */
  append(chunks: readonly Chunk[]): Promise<SegmentFile> {
    return this.#inTurn(() => this.#append(chunks))
  }

  /**
   * Removes segments, the oldest ones first, for as long as `isDone` says so of them. `letGo` is called with each at the moment from
   * which it is none of the log's.
   */
  release(isDone: SegmentTest, letGo: (segment: SegmentFile) => void = () => undefined): Promise<void> {
    return this.#inTurn(() => this.#release(isDone, letGo))
  }

  /** Ends the segment that is appended to. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#close())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #append(chunks: readonly Chunk[]): Promise<SegmentFile> {
    const frames = chunks.map((chunk) => written(chunk, this.settings.boot))
    const bytes = frames.reduce((sum, { size }) => sum + size, 0)
    const open = await this.#withRoom(bytes, chunks[0]?.sequence ?? 0)
    try {
      await this.#write(open, frames)
    } catch (error) {
      await this.#abandon()
      throw error
    }
    const { segment } = open
    this.#parts.counters.add('written_bytes', bytes)
    segment.size += bytes
    for (const { fields, size } of frames) segment.add(fields, size)
    return segment
  }

  async #write({ segment, file }: OpenSegment, frames: readonly WrittenFrame[]): Promise<void> {
    const parts = frames.flatMap(({ start, entries }) => [start, entries])
    const isFirst = segment.size === segmentHeadBytes
    if (isFirst) await file.write([segmentHead(segment), ...parts], 0)
    else await file.write(parts, segment.size)
    await this.#sync(file)
    if (!(await file.named())) throw new AgentError('LOG_SEGMENT_GONE', `${segment.path}: somebody removed it`)
    if (isFirst) await this.files.syncFolder(this.settings.folder)
  }

  async #release(isDone: SegmentTest, letGo: (segment: SegmentFile) => void): Promise<void> {
    for (const [path, bytes] of [...this.#leftovers]) await this.#remove(path, bytes)
    for (let [oldest] = this.#segments; oldest && isDone(oldest); [oldest] = this.#segments) {
      if (oldest === this.#open?.segment) await this.#close()
      this.#forget(oldest)
      letGo(oldest)
      await this.#remove(oldest.path, oldest.size)
    }
  }

  async #close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (!open) return
    const { segment, file } = open
    try {
      // Not synced: a summary that is lost is made anew.
      const frame = summaryFrame(segment.summary)
      await file.write([frame], segment.size)
      segment.size += frame.length
    } catch {
      // As above.
    } finally {
      await file.close().catch(() => undefined)
    }
  }

  async #withRoom(bytes: number, sequence: number): Promise<OpenSegment> {
    const { segmentBytes, limitBytes } = this.settings
    if (this.#open && this.#open.segment.size + bytes <= segmentBytes) return this.#open
    await this.#close()
    if (this.usedBytes + Math.max(segmentBytes, segmentHeadBytes + bytes) > limitBytes)
      throw new DiskFullError(limitBytes)
    this.#open = await this.#create(sequence)
    return this.#open
  }

  async #create(first: number): Promise<OpenSegment> {
    const { folder, run } = this.settings
    const segment = new SegmentFile(folder, { run, first })
    const file = await this.#createFile(segment.path)
    this.#segments.push(segment)
    return { segment, file }
  }

  async #createFile(path: string): Promise<LogFile> {
    try {
      return await this.files.create(path)
    } catch {
      await this.files.makeFolder(this.settings.folder)
      // Left over by an append that failed, and by nobody else: no two chunks have the same sequence.
      await this.files.remove(path).catch(() => undefined)
      this.#leftovers.delete(path)
      return this.files.create(path)
    }
  }

  async #sync(file: LogFile): Promise<void> {
    const { counters, now } = this.#parts
    const startedAt = now()
    await file.sync()
    counters.add('syncs', 1)
    counters.add('sync_ms', now() - startedAt)
  }

  /**
   * After a failed write or sync nobody knows what of the file's end is on disk, and a second sync might say yes to what was lost: the
   * file ends where it was durable, and the next append begins a new one.
   */
  async #abandon(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (!open) return
    const { segment, file } = open
    await file.truncate(segment.size).catch(() => undefined)
    await file.close().catch(() => undefined)
    if (segment.last >= segment.first) return
    this.#forget(segment)
    await this.#remove(segment.path, segment.size)
  }

  #forget(segment: SegmentFile): void {
    const index = this.#segments.indexOf(segment)
    if (index >= 0) this.#segments.splice(index, 1)
  }

  /** One that is gone already is as good as removed; one that cannot be removed is tried again, and until then counts as used. */
  async #remove(path: string, bytes: number): Promise<void> {
    try {
      await this.files.remove(path)
      this.#leftovers.delete(path)
    } catch (error) {
      if (isGone(error)) this.#leftovers.delete(path)
      else this.#leftovers.set(path, bytes)
    }
  }
}

interface WrittenFrame {
  readonly fields: FrameFields
  readonly start: Uint8Array
  readonly entries: Uint8Array
  readonly size: number
}

function written({ entries, sequence, time, uptime, count, tag, input, output }: Chunk, boot: string): WrittenFrame {
  const fields = { sequence, time, uptime, boot, count, tag, input, output }
  const start = frameStart(fields, entries)
  return { fields, start, entries, size: start.length + entries.length }
}
