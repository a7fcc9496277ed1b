import type { ChunkCounts } from '../observe/status.js'
import type { Lane } from './lane.js'

type Counting = { -readonly [figure in keyof ChunkCounts]: number }

/** What one lane holds: all of it, and by the inputs that it came from. Walks through what is in memory. */
export interface LaneChunks {
  readonly all: ChunkCounts
  readonly byInput: ReadonlyMap<string, ChunkCounts>
}

export const noChunks: ChunkCounts = { memory: 0, bytes: 0, busy: 0, busyBytes: 0, both: 0, disk: 0 }

export function countChunks(lane: Lane): LaneChunks {
  const all: Counting = { ...noChunks }
  const byInput = new Map<string, Counting>()
  const both = (input: string): readonly Counting[] => {
    const own = byInput.get(input) ?? { ...noChunks }
    byInput.set(input, own)
    return [all, own]
  }
  countMemory(lane, both)
  countDisk(lane, both)
  return { all, byInput }
}

function countMemory(lane: Lane, countsOf: (input: string) => readonly Counting[]): void {
  for (let sequence = lane.first; sequence < lane.next; sequence++) {
    const chunk = lane.chunk(sequence)
    if (!chunk || chunk.released) continue
    for (const counts of countsOf(chunk.input)) {
      counts.memory++
      counts.bytes += chunk.bytes
      if (chunk.stored) counts.both++
      if (!chunk.held) continue
      counts.busy++
      counts.busyBytes += chunk.bytes
    }
  }
}

function countDisk({ backlog }: Lane, countsOf: (input: string) => readonly Counting[]): void {
  for (const segment of backlog?.disk.segments ?? []) {
    if (segment.gone) continue
    for (const { input, chunks } of segment.groups) for (const counts of countsOf(input)) counts.disk += chunks
  }
}
