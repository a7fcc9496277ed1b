import { join } from 'node:path'

import type { Logger } from '../../plugin/context.js'
import { AgentError, messageOf } from '../../plugin/errors.js'
import { isGone, type LogFile, type LogFiles } from './files.js'
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
  segmentName,
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
    const from = (segments.at(-1)?.last ?? -1) + 1
    next = Math.max(next, firstOf(name) + 1)
    const segment = await recoverFile(parts, name, from).catch((error: unknown) => {
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
    if (isGone(error)) return []
    throw error
  })
}

async function recoverFile(parts: RecoveryParts, name: string, from: number): Promise<SegmentFile | undefined> {
  const { folder, files, quarantine } = parts
  const path = join(folder, name)
  const file = await files.open(path, 'read')
  let found: SegmentFile | 'worthless' | undefined
  try {
    found = await segmentIn(file, parts, name, from)
  } finally {
    await file.close()
  }
  if (typeof found === 'object') return found
  if (found) await files.remove(path)
  else await quarantine.take(path)
  return undefined
}

/**
 * What a file has from a sequence on: what is before it stands in an older segment, whose end failed and was written again here.
 * Undefined where not one chunk is whole.
 */
// oxlint-disable-next-line max-params -- all of one file
async function segmentIn(
  file: LogFile,
  { folder, files, quarantine }: RecoveryParts,
  name: string,
  from: number,
): Promise<SegmentFile | 'worthless' | undefined> {
  const head = await headOf(file, name)
  if (!head) return (await isTorn(file)) ? 'worthless' : undefined
  const known = head.first >= from ? await summarized(file, folder, head) : undefined
  if (known) return known
  const scanned = await scan(file, new SegmentFile(folder, head, from))
  await quarantine.keep(join(folder, name), file, inner(scanned))
  if (scanned.segment.last >= scanned.segment.first) return completed(scanned, files)
  return scanned.isRead || (await isTorn(file)) ? 'worthless' : undefined
}

function firstOf(name: string): number {
  return Number.parseInt(name.slice(0, 16), 16)
}

/** Whether it ends within its first frame, or before: nothing in it was ever durable. */
export async function isTorn(file: LogFile): Promise<boolean> {
  const bytes = Buffer.alloc(segmentHeadBytes + headBytes)
  const start = bytes.subarray(0, await file.read(bytes, 0))
  const frame = start.subarray(segmentHeadBytes)
  if (start.length < bytes.length || frame.every((byte) => byte === 0)) return true
  const head = readHead(start, segmentHeadBytes)
  return head !== undefined && segmentHeadBytes + head.size > (await file.size())
}

/** Undefined where there is nothing behind a head that could be read. Throws for a file that is not to be touched. */
export async function headOf(file: LogFile, name: string): Promise<SegmentHead | undefined> {
  const bytes = Buffer.alloc(segmentHeadBytes + headBytes)
  const start = bytes.subarray(0, await file.read(bytes, 0))
  const head = readSegmentHead(start)
  if (head === 'newer')
    throw new AgentError('LOG_NEWER_FILE', 'expected a segment of this version or an older one, got a newer one')
  if (typeof head === 'object' && head.first !== firstOf(name))
    throw new AgentError('LOG_FOREIGN_FILE', `expected a segment of this name, got ${segmentName(head.first)}`)
  if (typeof head === 'object') return head
  const isOurs = readHead(start, segmentHeadBytes) !== undefined
  if (head === 'foreign' && !isOurs)
    throw new AgentError('LOG_FOREIGN_FILE', 'expected a segment of this log, got another file')
  // The head alone is damaged: the chunks are as good as any, only their ids begin in another way.
  return isOurs ? { run: name.slice(4, 4 + runBytes), first: firstOf(name) } : undefined
}

/** A segment that was closed in good order tells what it holds at its end. */
export async function summarized(file: LogFile, folder: string, head: SegmentHead): Promise<SegmentFile | undefined> {
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
  /** Whether there are whole frames in it. */
  readonly isRead: boolean
}

async function scan(file: LogFile, segment: SegmentFile): Promise<Scanned> {
  const reader = new FrameReader(file, segmentHeadBytes, await file.size())
  const damage: Damage[] = []
  let isRead = false
  let memory = Buffer.alloc(0)
  const allocate = (bytes: number): Buffer => {
    if (memory.length < bytes) memory = Buffer.allocUnsafe(bytes)
    return memory.subarray(0, bytes)
  }
  for (let window = await reader.next(allocate); window; window = await reader.next(allocate)) {
    isRead ||= window.frames.length > 0
    for (const frame of window.frames) if (frame.sequence >= segment.first) segment.add(frame, frame.size)
    damage.push(...window.damage)
  }
  const last = damage.at(-1)
  return { segment, damage, end: last && last.at + last.bytes === reader.at ? last.at : reader.at, isRead }
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
