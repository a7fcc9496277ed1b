import { choice, duration, integer, type Option, size, type ValuesOf } from '../plugin/options.js'

const mebibyte = 1024 * 1024
/** Bytes. */
export const leastSegment = mebibyte / 4

/** What `service.storage` says of the default lane, and each of `service.lanes` of one more. */
export const laneOptions = {
  mode: choice(
    'Where events are kept: in `memory` alone; in memory until an outage, too little room or a stop moves them to disk (`spill`); or on disk, every one of them (`durable`). With a `storage.path` it is `spill` unless given, else `memory`.',
    ['memory', 'spill', 'durable'],
  ),
  memory: size(
    'Share of `memory_limit`; an eighth of it unless given, and for the default lane what the others leave.',
    {
      minimum: mebibyte,
    },
  ),
  disk_limit: size('Most bytes on disk. Nothing is written beyond it.', { default: '256MiB', minimum: mebibyte / 2 }),
  max_age: duration('Events older than this are dropped, and counted as `expired`.', { minimum: 1000 }),
  priority: integer('Outputs take from lanes of a higher priority first.', { default: 0 }),
  full: choice(
    'What happens when neither memory nor disk has room: inputs wait, the oldest events go, or the newest. The inputs of the lane have their own say as to memory; on disk, the oldest segment goes with `drop_oldest` alone.',
    ['wait', 'drop_oldest', 'drop_newest'],
  ),
  spill_after: duration('How long events may wait to be delivered before a lane that spills writes them to disk.', {
    default: '5s',
    minimum: 100,
  }),
  sync_interval: duration('Longest that events wait for others, so that one sync serves them all.', {
    default: '10ms',
    maximum: 10_000,
  }),
  segment_size: size(
    'Size of the files, which are removed as a whole; unless given an eighth of `disk_limit`, but 4MiB at most.',
    {
      minimum: leastSegment,
      maximum: 64 * mebibyte,
    },
  ),
} as const

/** What a lane is told: durations in milliseconds, sizes in bytes. */
export type LaneValues = ValuesOf<typeof laneOptions>

/** One lane of the log, everything settled. */
export interface CheckedLane extends Omit<LaneValues, 'mode' | 'memory' | 'segment_size'> {
  readonly name: string
  readonly mode: 'memory' | 'spill' | 'durable'
  /** Bytes. */
  readonly memory: number
  /** Bytes. */
  readonly segment_size: number
}

type Prefixed<O, P extends string> = { readonly [K in keyof O & string as `${P}.${K}`]: O[K] }

/** The same options for `service.storage`. */
export const storageOptions = prefixed(laneOptions, 'storage')

function prefixed<O extends { readonly [name: string]: Option<unknown> }, P extends string>(
  options: O,
  prefix: P,
): Prefixed<O, P> {
  const entries = Object.entries(options).map(([name, option]) => [`${prefix}.${name}`, option])
  return Object.fromEntries(entries) as Prefixed<O, P>
}
