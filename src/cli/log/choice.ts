import type { EventTime } from '../../event/event-time.js'
import type { FrameFields } from '../../log/disk/frame.js'
import type { SegmentFile } from '../../log/disk/segment-file.js'
import type { Waiting } from '../../log/waiting.js'
import { compilePattern } from '../../route/pattern.js'
import { UsageError } from '../direct-form.js'
import { knownWord } from './arguments.js'
import { checkpointOf, waitingOf } from './checkpoint.js'
import type { Wanted } from './event-lines.js'
import type { Place } from './place.js'
import { parseTime } from './time-argument.js'

/** Which events `sluice log cat` shows. */
export interface Choice extends Wanted {
  readonly folder: string
  readonly lanes: readonly string[]
  readonly isTagWanted: (tag: string) => boolean
  readonly pendingIn: (lane: string) => (frame: Pick<FrameFields, 'tag' | 'output' | 'sequence'>) => boolean
  /** Whether there may be anything of interest in a segment, by its summary. */
  readonly isSegmentWanted: (lane: string, segment: SegmentFile) => boolean
}

export interface ChoiceArguments {
  readonly lane?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly pending?: string | undefined
  readonly limit?: string | undefined
}

/** Throws a UsageError. */
export async function choiceOf(given: ChoiceArguments, place: Place, nowMs: number): Promise<Choice> {
  const { lane, tag, since, until, limit, pending } = given
  const lanes = (lane ?? place.lanes).map((name) => knownWord('--lane', name, place.lanes))
  const patterns = (tag ?? ['*']).map((match) => compilePattern({ match }))
  const isTagWanted = (name: string): boolean => patterns.some((matches) => matches(name))
  const waiting = pending === undefined ? undefined : await waitingFor(pending, place, lanes)
  const time = (option: string, text: string | undefined): EventTime | undefined =>
    text === undefined ? undefined : parseTime(option, text, nowMs)
  return {
    folder: place.folder,
    lanes,
    isTagWanted,
    since: time('--since', since),
    until: time('--until', until),
    limit: limit === undefined ? undefined : count('--limit', limit),
    pendingIn: (name) => {
      const output = waiting?.get(name)
      if (!waiting) return () => true
      return (frame) => output !== undefined && output.has(frame.sequence) && output.isFor(frame)
    },
    isSegmentWanted: (name, { last, groups }) => {
      const output = waiting?.get(name)
      if (waiting && !(output?.state && output.state.position <= last)) return false
      return [...groups].some((group) => isTagWanted(group.tag) && (!output || output.isFor(group)))
    },
  }
}

/** What an output waits for in each lane. */
async function waitingFor(id: string, place: Place, lanes: readonly string[]): Promise<ReadonlyMap<string, Waiting>> {
  const inLane = waitingOf(place, await checkpointOf(place))
  const known = new Set(lanes.flatMap((lane) => inLane(lane).map((output) => output.id)))
  knownWord('--pending', id, [...known])
  const found = lanes.flatMap((lane) =>
    inLane(lane)
      .filter((output) => output.id === id)
      .map((output) => [lane, output] as const),
  )
  return new Map(found)
}

function count(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`${option}: expected a number of 1 or more, got "${text}"`)
}
