import type { Chunk } from './chunk.js'
import type { DiskLog } from './disk/disk-log.js'
import { DiskReader } from './disk/disk-reader.js'
import type { Frame } from './disk/frame.js'
import type { SegmentFile } from './disk/segment-file.js'
import type { Group } from './disk/segment-format.js'
import type { Queue } from './queue.js'
import type { Revived } from './revived.js'
import type { Segment } from './segments.js'

/** Which chunks are dropped, and for whom. */
export interface Dropping {
  /** Whether chunks of this kind may be due. */
  readonly isWanted: (group: Pick<Group, 'tag' | 'output'>) => boolean
  readonly isDue: (frame: Frame) => boolean
  readonly drop: (chunk: Chunk) => void
}

export interface DropParts {
  readonly queue: Queue
  readonly disk: DiskLog
  readonly revived: Revived
}

/** Reads a segment and drops what is due of it; what flushes have in hand they keep. Rejects with what the system says. */
export async function dropFrames(segment: SegmentFile, dropping: Dropping, parts: DropParts): Promise<void> {
  const reader = new DiskReader(parts.disk, parts.queue.windowBytes)
  const before = segment.last + 1
  try {
    for (let from = segment.first; from < before;)
      from = await dropWindow(reader, { from, before, segment }, dropping, parts)
  } finally {
    await reader.close()
  }
}

interface Span {
  readonly from: number
  readonly before: number
  readonly segment: SegmentFile
}

/** Answers where the next window begins. */
// oxlint-disable-next-line max-params -- all of one window
async function dropWindow(
  reader: DiskReader,
  { from, before, segment }: Span,
  { isWanted, isDue, drop }: Dropping,
  { queue, revived }: DropParts,
): Promise<number> {
  const leases: Segment[] = []
  const allocate = (bytes: number): Buffer => {
    leases.push(queue.lease(bytes))
    return (leases.at(-1) as Segment).memory.subarray(0, bytes)
  }
  try {
    const { frames, end } = await reader.read({ from, before, isWanted }, allocate)
    for (const frame of frames) {
      if (!isDue(frame)) continue
      const chunk = revived.hold(frame, segment, leases.at(-1))
      drop(chunk)
      chunk.letGo()
    }
    return end
  } finally {
    for (const lease of leases) queue.returnLease(lease)
  }
}
