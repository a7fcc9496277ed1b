import { join } from 'node:path'

import type { Logger } from '../../plugin/context.js'
import { AgentError, messageOf } from '../../plugin/errors.js'
import type { LogFile, LogFiles } from './files.js'
import { frameKind, headBytes, readFrame, readHead } from './frame.js'
import { type Damage, FrameReader } from './frame-reader.js'
import type { Quarantine } from './quarantine.js'
import { SegmentFile } from './segment-file.js'
import {
  isSegmentName,
  readSegmentHead,
  readSummary,
  runBytes,
  segmentHeadBytes,
  type SegmentHead,
  type Summary,
  summaryFrame,
  summarySize,
} from './segment-format.js'

export interface RecoveryParts {
  readonly folder: string
  readonly files: LogFiles
  readonly log: Logger
  readonly quarantine: Quarantine
}

export interface Recovered {
  /** In the order of their sequences. */
  readonly segments: readonly SegmentFile[]
  /** Beyond all sequences that were seen, whether they could be read or not. */
  readonly next: number
}

/**
 * What a folder holds, made whole: a torn end is cut off, what is damaged goes to the quarantine, and nobody has to do anything. Files
 * that are not the log's, or of a newer version, stay as they are.
 */
export async function recover(parts: RecoveryParts): Promise<Recovered> {
  const { folder, files, log } = parts
  const names = [...(await namesIn(folder, files))].filter(isSegmentName).sort()
  const segments: SegmentFile[] = []
  let next = 0
  for (const name of names) {
    next = Math.max(next, Number.parseInt(name.slice(0, 16), 16) + 1)
    const segment = await recoverFile(parts, name).catch((error: unknown) => {
      log.error(`${join(folder, name)}: left out: ${messageOf(error)}`)
    })
    if (!segment) continue
    segments.push(segment)
    next = Math.max(next, segment.last + 1)
  }
  return { segments, next }
}

/** A folder that is not there, and cannot be made for now, holds nothing that could be lost. */
async function namesIn(folder: string, files: LogFiles): Promise<readonly string[]> {
  await files.makeFolder(folder).catch(() => undefined)
  return files.list(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
}

async function recoverFile(parts: RecoveryParts, name: string): Promise<SegmentFile | undefined> {
  const { folder, files, quarantine } = parts
  const path = join(folder, name)
  const file = await files.open(path, 'read')
  try {
    const head = await headOf(file, name)
    const known = head && (await summarized(file, folder, head))
    if (known) return known
    const scanned = head && (await scan(file, folder, head))
    if (scanned) await quarantine.keep(path, file, inner(scanned))
    if (scanned && scanned.segment.last >= scanned.segment.first) return await completed(scanned, files)
  } finally {
    await file.close()
  }
  // Not one chunk is whole: what there is, is of no use to the log.
  await quarantine.take(path)
  return undefined
}

/** Undefined where there is nothing behind a head that could be read. Throws for a file that is not to be touched. */
async function headOf(file: LogFile, name: string): Promise<SegmentHead | undefined> {
  const bytes = Buffer.alloc(segmentHeadBytes + headBytes)
  const start = bytes.subarray(0, await file.read(bytes, 0))
  const head = readSegmentHead(start)
  if (head === 'newer')
    throw new AgentError('LOG_NEWER_FILE', 'expected a segment of this version or an older one, got a newer one')
  if (typeof head === 'object') return head
  const isOurs = readHead(start, segmentHeadBytes) !== undefined
  if (head === 'foreign' && !isOurs)
    throw new AgentError('LOG_FOREIGN_FILE', 'expected a segment of this log, got another file')
  // The head alone is damaged: the chunks are as good as any, only their ids begin in another way.
  const first = Number.parseInt(name.slice(0, 16), 16)
  return isOurs ? { run: name.slice(4, 4 + runBytes), first } : undefined
}

/** A segment that was closed in good order tells what it holds at its end. */
async function summarized(file: LogFile, folder: string, head: SegmentHead): Promise<SegmentFile | undefined> {
  const size = await file.size()
  const last = Buffer.alloc(4)
  await file.read(last, size - last.length)
  const summaryBytes = summarySize(last)
  const at = size - summaryBytes
  if (summaryBytes < headBytes || at < segmentHeadBytes) return undefined
  const bytes = Buffer.alloc(summaryBytes)
  await file.read(bytes, at)
  const frame = readHead(bytes, 0)
  if (frame?.kind !== frameKind.summary || frame.size !== summaryBytes) return undefined
  const body = readFrame(bytes, 0, frame)?.entries
  return body && SegmentFile.ofSummary(folder, head, readSummary(body as Buffer), size)
}

interface Scanned {
  readonly segment: SegmentFile
  readonly damage: readonly Damage[]
  /** Where the last whole frame ends. */
  readonly end: number
}

async function scan(file: LogFile, folder: string, head: SegmentHead): Promise<Scanned> {
  const segment = new SegmentFile(folder, head)
  const reader = new FrameReader(file, segmentHeadBytes, await file.size())
  const damage: Damage[] = []
  let memory = Buffer.alloc(0)
  const allocate = (bytes: number): Buffer => {
    if (memory.length < bytes) memory = Buffer.allocUnsafe(bytes)
    return memory.subarray(0, bytes)
  }
  for (let window = await reader.next(allocate); window; window = await reader.next(allocate)) {
    for (const frame of window.frames) segment.add(frame, frame.size)
    damage.push(...window.damage)
  }
  const last = damage.at(-1)
  return { segment, damage, end: last && last.at + last.bytes === reader.at ? last.at : reader.at }
}

/** Damage that is followed by whole frames, or that begins like one: what a torn write leaves behind is no news. */
function inner({ damage, end }: Scanned): readonly Damage[] {
  return damage.filter(({ at }) => at < end)
}

/** Cuts off what is behind the last whole frame and adds the summary, so that the next start need not read it all. */
async function completed({ segment, end }: Scanned, files: LogFiles): Promise<SegmentFile> {
  const summary: Summary = segment.summary
  segment.size = end
  // A disk that takes no writing can still be read from.
  const file = await files.open(segment.path, 'change').catch(() => undefined)
  if (!file) return segment
  try {
    const frame = summaryFrame(summary)
    await file.truncate(end)
    await file.write([frame], end)
    await file.sync()
    segment.size = end + frame.length
  } catch {
    // As above.
  } finally {
    await file.close()
  }
  return segment
}
