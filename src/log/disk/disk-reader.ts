import type { DiskLog } from './disk-log.js'
import { isGone, type LogFile } from './files.js'
import type { Frame } from './frame.js'
import { type Allocate, FrameReader, usualWindowBytes } from './frame-reader.js'
import type { SegmentFile } from './segment-file.js'
import { segmentHeadBytes, type Group } from './segment-format.js'

export interface DiskWindow {
  readonly frames: readonly Frame[]
  /** Where the frames are from; none where there are no frames. */
  readonly segment: SegmentFile | undefined
  /** Everything on disk before this sequence was read. */
  readonly end: number
}

export interface Wanted {
  /** First sequence of interest. */
  readonly from: number
  /** What has this sequence or a later one is not read from disk. */
  readonly before: number
  /** Whether chunks of this kind are of interest. */
  readonly isWanted: (group: Pick<Group, 'tag' | 'output'>) => boolean
}

interface Opened {
  readonly segment: SegmentFile
  readonly file: LogFile
  readonly frames: FrameReader
  /** Bytes of the file, as far as is known: it may be shorter. */
  size: number
  /** No frame before this sequence will be read any more. */
  next: number
}

/** Reads the segment files of a lane in order, at one reader's own pace. */
export class DiskReader {
  readonly #disk: DiskLog
  readonly #windowBytes: number
  #opened: Opened | undefined
  #reading: Promise<unknown> | undefined

  constructor(disk: DiskLog, windowBytes = usualWindowBytes) {
    this.#disk = disk
    this.#windowBytes = windowBytes
  }

  /**
   * The next frames that are wanted, some of them at a time; none where there are none left. Rejects with what the system says. One
   * call at a time.
   */
  async read(wanted: Wanted, allocate: Allocate): Promise<DiskWindow> {
    const reading = this.#read(wanted, allocate)
    this.#reading = reading
    try {
      return await reading
    } finally {
      this.#reading = undefined
      await this.letGo()
    }
  }

  /** Closes the file of a segment that was released: for as long as it is open its bytes stay on disk. */
  async letGo(): Promise<void> {
    const segment = this.#opened?.segment
    if (segment && !this.#reading && !this.#disk.segments.includes(segment)) await this.#close()
  }

  /** Waits for what is being read, and closes. */
  async close(): Promise<void> {
    await this.#reading?.catch(() => undefined) // whoever reads is told
    await this.#close()
  }

  async #read(wanted: Wanted, allocate: Allocate): Promise<DiskWindow> {
    const { before } = wanted
    let { from } = wanted
    while (from < before) {
      const segment = this.#disk.segments.find(({ last, gone }) => !gone && last >= from)
      if (!segment || segment.first >= before) break
      if (!some(segment.groups, wanted.isWanted)) {
        from = segment.last + 1
        continue
      }
      const window = await this.#readOf(segment, { ...wanted, from }, allocate)
      if (window.frames.length > 0) return window
      from = window.end
    }
    return { frames: [], segment: undefined, end: before }
  }

  /** A window of one segment; its end is that of the segment where nothing more is to come. */
  async #readOf(segment: SegmentFile, wanted: Wanted, allocate: Allocate): Promise<DiskWindow> {
    const last = segment.last
    const opened = await this.#open(segment, wanted.from)
    if (!opened) return { frames: [], segment, end: last + 1 }
    const window = await opened.frames.next(allocate)
    if (!window) {
      await this.#close()
      return { frames: [], segment, end: last + 1 }
    }
    if (window.damage.length > 0) await this.#disk.quarantine.keep(segment.path, opened.file, window.damage)
    opened.next = Math.max(opened.next, (window.frames.at(-1)?.sequence ?? -1) + 1)
    const { from, before, isWanted } = wanted
    const frames = window.frames.filter((frame) => frame.sequence >= from && frame.sequence < before && isWanted(frame))
    return { frames, segment, end: Math.max(from, Math.min(opened.next, before)) }
  }

  async #close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    await opened?.file.close()
  }

  /** The segment's file at the place where `from` is still to come; undefined where the file is gone. */
  async #open(segment: SegmentFile, from: number): Promise<Opened | undefined> {
    const opened = this.#opened
    if (opened?.segment === segment && opened.next <= from) {
      // One that turned out to be shorter is at its end: that of the segment is none to go on to again and again.
      if (segment.size > opened.size) opened.frames.extend(segment.size)
      opened.size = segment.size
      return opened
    }
    await this.#close()
    try {
      const file = await this.#disk.files.open(segment.path, 'read')
      const { size, first } = segment
      const frames = new FrameReader(file, segmentHeadBytes, size, this.#windowBytes)
      this.#opened = { segment, file, frames, size, next: first }
      return this.#opened
    } catch (error) {
      if (!isGone(error)) throw error
      segment.gone = true
      return undefined
    }
  }
}

function some<T>(values: Iterable<T>, isOne: (value: T) => boolean): boolean {
  for (const value of values) if (isOne(value)) return true
  return false
}
