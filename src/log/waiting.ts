import { SequenceSet } from '../base/sequence-set.js'
import type { CursorState } from './cursor.js'
import type { FrameFields } from './disk/frame.js'
import type { SegmentFile } from './disk/segment-file.js'
import type { Group } from './disk/segment-format.js'
import type { LaneState } from './tally.js'

/** An output as the configuration has it. */
export interface OutputRoute {
  readonly id: string
  readonly matches: (tag: string) => boolean
  /** Whether it takes what is on disk though it is new. */
  readonly startsOldest: boolean
}

/** When a chunk was sealed, on both of its clocks. */
export type Sealing = Pick<FrameFields, 'time' | 'uptime' | 'boot'>

type Address = Pick<Group, 'tag' | 'output'>

/** What one output still has to get of a lane, by the checkpoint. */
export class Waiting {
  readonly id: string
  /** Undefined for an output that was not there before, and takes what comes from now on. */
  readonly state: CursorState | undefined
  /** Whether its route is known; where it is not, all that might be for it counts. */
  readonly isExact: boolean
  events = 0
  bytes = 0
  /** Its oldest chunk. */
  oldest: Sealing | undefined
  readonly #matches: (tag: string) => boolean
  readonly #settled: SequenceSet

  constructor(id: string, state: CursorState | undefined, matches?: (tag: string) => boolean) {
    this.id = id
    this.state = state
    this.isExact = matches !== undefined
    this.#matches = matches ?? (() => true)
    this.#settled = new SequenceSet(state?.settled)
  }

  isFor({ tag, output }: Address): boolean {
    return output === '' ? this.#matches(tag) : output === this.id
  }

  has(sequence: number): boolean {
    return this.state !== undefined && sequence >= this.state.position && !this.#settled.has(sequence)
  }

  /** Whether the summary of a segment tells all there is to know of it. */
  isToldBy({ first, last, groups }: Pick<SegmentFile, 'first' | 'last' | 'groups'>): boolean {
    if (!this.state) return true
    const { position, settled } = this.state
    const isSplit = (at: number): boolean => at > first && at <= last
    if (isSplit(position) || settled.some(([from, to]) => isSplit(from) || isSplit(to))) return false
    return this.oldest !== undefined || !this.has(first) || ![...groups].some((group) => this.isFor(group))
  }

  count({ events, bytes }: Pick<Group, 'events' | 'bytes'>, sealing?: Sealing): void {
    this.events += events
    this.bytes += bytes
    this.oldest ??= sealing
  }
}

/** Every output of a lane that is known of: those of the configuration, where there is one, and those that the checkpoint names. */
export function waitingIn(lane: LaneState | undefined, routes: readonly OutputRoute[] | undefined): readonly Waiting[] {
  const start = { position: 0, settled: [] }
  const stateOf = ({ id, startsOldest }: OutputRoute): CursorState | undefined =>
    lane ? (lane.cursors[id] ?? (startsOldest ? start : undefined)) : start
  const configured = (routes ?? []).map((route) => new Waiting(route.id, stateOf(route), route.matches))
  const others = Object.entries(lane?.cursors ?? {}).filter(([id]) => !configured.some((each) => each.id === id))
  return [...configured, ...others.map(([id, state]) => new Waiting(id, state))]
}
