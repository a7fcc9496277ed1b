import { basename, join } from 'node:path'

import { AgentError } from '../../plugin/errors.js'
import type { LogFile, LogFiles } from './files.js'
import { FrameReader, type FrameWindow } from './frame-reader.js'
import { headOf, summarized } from './recovery.js'
import type { SegmentFile } from './segment-file.js'
import { isSegmentName, segmentHeadBytes } from './segment-format.js'

/** A segment file in the eyes of somebody who only reads, be it that an agent is writing to it or not. */
export interface OpenedFile {
  readonly path: string
  readonly file: LogFile
  /** Bytes that the file had when it was opened. */
  readonly size: number
  /** Whether it is the last one of its lane: its end may be torn, or being written. */
  readonly isNewest: boolean
}

export interface Sight extends OpenedFile {
  /** What its summary says; undefined where there is none, or none that holds. */
  readonly summary: SegmentFile | undefined
  /** Chunks before this sequence stand in an older segment, whose end failed and was written again here. */
  readonly from: number
  /** Sequence of the last chunk that was read. */
  last: number
}

/** Told of each file that is not to be read, and why. */
export type LeftOut = (path: string, error: AgentError) => void

/** Names of the segments in the folder of a lane, oldest first; none where there is no folder. */
export async function segmentNames(files: LogFiles, folder: string): Promise<readonly string[]> {
  const names = await unlessGone(files.list(folder))
  return [...(names ?? [])].filter(isSegmentName).sort()
}

/** Opens the segments of a lane one after the other; one that is removed meanwhile was delivered, and is passed over. */
export async function* openedFiles(files: LogFiles, folder: string): AsyncGenerator<OpenedFile, void> {
  const names = await segmentNames(files, folder)
  for (const name of names) {
    const path = join(folder, name)
    const file = await unlessGone(files.open(path, 'read'))
    if (!file) continue
    try {
      yield { path, file, size: await file.size(), isNewest: name === names.at(-1) }
    } finally {
      await file.close()
    }
  }
}

/** The same with what their summaries say, but for files that are not to be read. */
export async function* sightings(files: LogFiles, folder: string, leftOut: LeftOut): AsyncGenerator<Sight, void> {
  let from = 0
  for await (const opened of openedFiles(files, folder)) {
    const summary = await summaryOf(opened, folder, from).catch((error: unknown) => {
      if (error instanceof AgentError) return error
      throw error
    })
    if (summary instanceof AgentError) {
      leftOut(opened.path, summary)
      continue
    }
    const sight = { ...opened, summary, from, last: summary?.last ?? -1 }
    yield sight
    from = Math.max(from, sight.last + 1)
  }
}

/** The frames of a segment, a window at a time; all windows share one memory. What an older segment has is left out. */
export async function* windowsOf(sight: Sight): AsyncGenerator<FrameWindow, void> {
  const { file, size, from } = sight
  const reader = new FrameReader(file, segmentHeadBytes, size)
  let memory = Buffer.alloc(0)
  const allocate = (bytes: number): Buffer => {
    if (memory.length < bytes) memory = Buffer.allocUnsafe(bytes)
    return memory.subarray(0, bytes)
  }
  for (let window = await reader.next(allocate); window; window = await reader.next(allocate)) {
    const { frames, damage } = window
    sight.last = Math.max(sight.last, frames.at(-1)?.sequence ?? -1)
    yield { frames: frames.filter(({ sequence }) => sequence >= from), damage }
  }
}

/** The result; undefined where the file or folder is not there. */
export function unlessGone<T>(result: Promise<T>): Promise<T | undefined> {
  return result.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}

async function summaryOf({ path, file }: OpenedFile, folder: string, from: number): Promise<SegmentFile | undefined> {
  const head = await headOf(file, basename(path))
  return head && head.first >= from ? summarized(file, folder, head) : undefined
}
