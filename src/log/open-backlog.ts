import type { Counters } from '../observe/counters.js'
import { Backlog, type BacklogParts, type BacklogSettings } from './backlog.js'
import type { Cursor, CursorState } from './cursor.js'
import { DiskLog, type DiskSettings } from './disk/disk-log.js'
import type { LogFiles } from './disk/files.js'
import { quarantineIn } from './disk/quarantine.js'
import { recover } from './disk/recovery.js'
import type { Lane } from './lane.js'
import { type LaneState, type Tally, tallyBacklog } from './tally.js'

export interface OpenSettings extends BacklogSettings {
  readonly disk: DiskSettings
}

export interface OpenParts extends Omit<BacklogParts, 'disk' | 'queue'> {
  readonly lane: Lane
  readonly files: LogFiles
  readonly counters: Counters
  /** Where the lane stood; undefined where nobody knows. */
  readonly state: LaneState | undefined
  /** Whether an output that was not there before gets what is on disk. */
  readonly startsOldest: (cursor: Cursor) => boolean
}

/**
 * Gives a lane, to which nothing was appended yet, what is on disk of it. Its cursors go on where they stood: what was delivered after
 * the state was last written down is delivered again.
 */
export async function openBacklog(settings: OpenSettings, parts: OpenParts): Promise<Tally> {
  const { lane, files, log, clock, cursors, counters, state } = parts
  const { folder } = settings.disk
  const quarantine = quarantineIn(folder, files, log)
  const found = await recover({ folder, files, log, quarantine })
  const disk = new DiskLog(settings.disk, { files, quarantine, counters, now: () => clock.monotonic() }, found.segments)
  const next = Math.max(found.next, state?.next ?? 0)
  const states = new Map(cursors.map((cursor) => [cursor, stateOf(cursor, parts, next)]))
  const readers = (tag: string, output: string): readonly Cursor[] => lane.readers(tag, output)
  const tally = await tallyBacklog({ disk, cursors, states, readers, knownBefore: state?.next ?? 0 })
  lane.begin(next, new Backlog(settings, { ...parts, queue: lane, disk }, next))
  for (const [cursor, at] of states) cursor.restore(at, tally.unread.get(cursor) ?? none)
  return tally
}

const none = { chunks: 0, events: 0, bytes: 0 }

/** Where nothing was written down, everything is taken for undelivered: better twice than never. */
function stateOf(cursor: Cursor, { state, startsOldest }: OpenParts, next: number): CursorState {
  if (!state) return { position: 0, settled: [] }
  return state.cursors[cursor.id] ?? { position: startsOldest(cursor) ? 0 : next, settled: [] }
}
