import type { Cursor, CursorState } from './cursor.js'
import type { DiskLog } from './disk/disk-log.js'
import { DiskReader } from './disk/disk-reader.js'
import type { SegmentFile } from './disk/segment-file.js'
import { entryBytes } from './disk/segment-format.js'
import type { Unread } from './read-head.js'
import { SequenceSet } from '../base/sequence-set.js'

/** Where a lane and its cursors stood when the agent last wrote it down. */
export interface LaneState {
  readonly next: number
  /** By the ids of the outputs. */
  readonly cursors: { readonly [output: string]: CursorState }
}

/** What is on disk for whom. */
export interface Tally {
  readonly unread: ReadonlyMap<Cursor, Unread>
  /** Events of each input that some output still has to get. */
  readonly pending: ReadonlyMap<string, number>
  /** Events of each input and output that came after the state was written down. */
  readonly freshOf: { readonly inputs: ReadonlyMap<string, number>; readonly outputs: ReadonlyMap<string, number> }
}

export interface TallyParts {
  readonly disk: DiskLog
  readonly cursors: readonly Cursor[]
  /** Where each cursor goes on. */
  readonly states: ReadonlyMap<Cursor, CursorState>
  readonly readers: (tag: string, output: string) => readonly Cursor[]
  /** Everything before was known when the state was written down. */
  readonly knownBefore: number
}

/** Some chunks that are alike, or one chunk. */
interface Piece extends Unread {
  readonly tag: string
  readonly input: string
  readonly output: string
  readonly sequence: number
}

/**
 * Counts what is on disk. Segments that no cursor has reached tell it by their summaries; only those in which something begins
 * or ends are read.
 */
export async function tallyBacklog(parts: TallyParts): Promise<Tally> {
  const { disk, cursors, states, readers, knownBefore } = parts
  const unread = new Map(cursors.map((cursor) => [cursor, { chunks: 0, events: 0, bytes: 0 }]))
  const settled = new Map([...states].map(([cursor, state]) => [cursor, new SequenceSet(state.settled)]))
  const pending = new Map<string, number>()
  const freshOf = { inputs: new Map<string, number>(), outputs: new Map<string, number>() }

  function isWaiting(cursor: Cursor, sequence: number): boolean {
    return sequence >= (states.get(cursor)?.position ?? 0) && !settled.get(cursor)?.has(sequence)
  }

  function count(segment: SegmentFile, piece: Piece): void {
    const matching = readers(piece.tag, piece.output)
    const waiting = matching.filter((cursor) => isWaiting(cursor, piece.sequence))
    for (const cursor of waiting) addTo(unread.get(cursor), piece)
    if (waiting.length > 0) {
      segment.await(piece.input, piece.events)
      increase(pending, piece.input, piece.events)
    }
    if (piece.sequence < knownBefore) return
    increase(freshOf.inputs, piece.input, piece.events)
    for (const cursor of waiting) increase(freshOf.outputs, cursor.id, piece.events)
  }

  for (const segment of [...disk.segments]) {
    if (isWhole(segment, states.values(), knownBefore)) {
      for (const group of segment.groups)
        count(segment, { ...group, bytes: entryBytes(group), sequence: segment.first })
    } else {
      await eachChunk(disk, segment, (piece) => count(segment, piece))
    }
  }
  return { unread, pending, freshOf }
}

/** Whether all of a segment's chunks are in the same state for everyone. */
function isWhole({ first, last }: SegmentFile, states: Iterable<CursorState>, knownBefore: number): boolean {
  if (knownBefore > first && knownBefore <= last) return false
  for (const { position, settled } of states) {
    if (position > first && position <= last) return false
    if (position <= last && settled.some(([from, to]) => from <= last && to > first)) return false
  }
  return true
}

async function eachChunk(disk: DiskLog, segment: SegmentFile, visit: (piece: Piece) => void): Promise<void> {
  const reader = new DiskReader(disk)
  let memory = Buffer.alloc(0)
  const allocate = (bytes: number): Buffer => {
    if (memory.length < bytes) memory = Buffer.allocUnsafe(bytes)
    return memory.subarray(0, bytes)
  }
  const before = segment.last + 1
  for (let from = segment.first; from < before;) {
    const { frames, end } = await reader.read({ from, before, isWanted: () => true }, allocate)
    for (const { tag, input, output, sequence, count, entries } of frames)
      visit({ tag, input, output, sequence, chunks: 1, events: count, bytes: entries.length })
    from = end
  }
  await reader.close()
}

function addTo(total: Unread | undefined, { chunks, events, bytes }: Unread): void {
  if (!total) return
  total.chunks += chunks
  total.events += events
  total.bytes += bytes
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
