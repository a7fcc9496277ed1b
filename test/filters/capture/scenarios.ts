import type { EventRecord } from '../../../src/event/event.js'

export type Options = { readonly [option: string]: unknown }
export type Came = readonly [seconds: number, record: EventRecord, tag?: string]

interface Scenario {
  readonly name: string
  readonly options?: Options
  readonly came: readonly Came[]
  /** The places in `came` of what passes, in order. */
  readonly passes: readonly number[]
  readonly counted?: { readonly [name: string]: number }
}

export const base = { when: 'x > 5', before: '2s', after: '1s' }
export const quiet: EventRecord = { x: 0 }
export const high: EventRecord = { x: 9 }

/** One event a second from 0 on, `high` at these seconds. */
function seconds(count: number, ...highs: readonly number[]): readonly Came[] {
  return Array.from({ length: count }, (_none, at) => [at, highs.includes(at) ? high : quiet] as const)
}

export const scenarios: readonly Scenario[] = [
  { name: 'nothing passes without a trigger', came: seconds(8), passes: [] },
  { name: 'what was before a trigger passes with it, and what comes after', came: seconds(9, 5), passes: [3, 4, 5, 6] },
  { name: 'a trigger at once has nothing before it', came: seconds(4, 0), passes: [0, 1] },
  {
    name: 'both ends of the window are of it',
    came: [
      [3, quiet],
      [3.000_001, quiet],
      [5, high],
      [6, quiet],
      [6.000_001, quiet],
    ],
    passes: [0, 1, 2, 3],
  },
  { name: 'nothing before', options: { before: 0 }, came: seconds(8, 5), passes: [5, 6] },
  { name: 'nothing after', options: { after: 0 }, came: seconds(8, 5), passes: [3, 4, 5] },
  { name: 'a condition that stays true is one rise', came: seconds(12, 4, 5, 6, 7, 8), passes: [2, 3, 4, 5] },
  {
    name: 'a second rise within the window makes it longer',
    options: { after: '3s' },
    came: seconds(14, 4, 6),
    passes: [2, 3, 4, 5, 6, 7, 8, 9],
    counted: { captures: 1, triggers: 2 },
  },
  {
    name: 'windows that overlap pass each event once',
    came: seconds(14, 4, 7),
    passes: [2, 3, 4, 5, 6, 7, 8],
    counted: { captures: 2 },
  },
  {
    name: 'a level triggers as long as it lasts',
    options: { trigger: 'level' },
    came: seconds(12, 4, 5, 6),
    passes: [2, 3, 4, 5, 6, 7],
    counted: { captures: 1, triggers: 3 },
  },
  {
    name: 'a rise within the cooldown is none',
    options: { cooldown: '5s' },
    came: seconds(14, 3, 6, 9),
    passes: [1, 2, 3, 4, 7, 8, 9, 10],
    counted: { suppressed_triggers: 1 },
  },
  {
    name: 'a rise within the cooldown does not come later either',
    options: { cooldown: '3s' },
    came: seconds(12, 2, 4, 5, 6, 7),
    passes: [0, 1, 2, 3],
  },
  {
    name: 'a level triggers again once its cooldown is over',
    options: { trigger: 'level', cooldown: '4s', before: 0 },
    came: seconds(9, 1, 2, 3, 4, 5, 6),
    passes: [1, 2, 5, 6],
  },
  {
    name: 'a condition must have been true for as long as asked',
    options: { for: '2s' },
    came: seconds(12, 2, 3, 6, 7, 8),
    passes: [6, 7, 8, 9],
  },
  {
    name: 'other events let time pass while a condition is true',
    options: { for: '2s' },
    came: [
      [0, high],
      [1, { y: 1 }],
      [2, { y: 1 }],
      [3, { y: 1 }],
    ],
    passes: [0, 1, 2, 3],
  },
  {
    name: 'a condition over several messages goes by what was last known',
    options: { when: 'speed > 5 and brake == 1' },
    came: [
      [0, { speed: 9 }],
      [1, { brake: 0 }],
      [2, { other: 1 }],
      [3, { brake: 1 }],
    ],
    passes: [1, 2, 3],
  },
  {
    name: 'a value that was never seen makes no trigger',
    options: { when: 'speed > 5 and brake == 1' },
    came: [
      [0, { brake: 1 }],
      [1, { brake: 1 }],
    ],
    passes: [],
  },
  {
    name: 'all tags are captured together',
    came: [
      [0, quiet, 'can'],
      [1, { lat: 1 }, 'gps'],
      [2, high, 'can'],
      [3, { lat: 2 }, 'gps'],
    ],
    passes: [0, 1, 2, 3],
  },
  {
    name: 'a condition may ask for the tag',
    options: { when: '$TAG == "gps" and x > 5' },
    came: [
      [0, high, 'can'],
      [1, high, 'gps'],
    ],
    passes: [0, 1],
  },
  {
    name: 'sources are captured apart',
    options: { source_key: 'bus' },
    came: [
      [0, { bus: 'a', x: 0 }],
      [0, { bus: 'b', x: 0 }],
      [1, { bus: 'a', x: 9 }],
      [1, { bus: 'b', x: 0 }],
      [2, { bus: 'b', x: 9 }],
    ],
    passes: [0, 2, 1, 3, 4],
  },
  {
    name: 'sources have values of their own',
    options: { source_key: 'bus', when: 'x > 5 and y > 5' },
    came: [
      [0, { bus: 'a', x: 9 }],
      [1, { bus: 'b', y: 9 }],
      [2, { bus: 'a', y: 9 }],
    ],
    passes: [0, 2],
  },
  {
    name: 'a late event of the window passes',
    came: [
      [5, high],
      [8, quiet],
      [6, quiet],
      [7, quiet],
    ],
    passes: [0, 2],
  },
  {
    name: 'a late event before the window waits for a trigger of its time',
    came: [
      [5, quiet],
      [4, quiet],
      [6, high],
    ],
    passes: [0, 1, 2],
  },
  {
    name: 'an event that is far too late makes no trigger',
    came: [
      [100, quiet],
      [90, high],
      [101, quiet],
    ],
    passes: [],
    counted: { late_events: 1 },
  },
  {
    name: 'a trigger that comes a little late has its window all the same',
    came: [
      [4, quiet],
      [5, quiet],
      [6, quiet],
      [4.5, high],
      [5.4, quiet],
    ],
    passes: [0, 1, 3, 4],
  },
  {
    name: 'a late trigger does not close the window of a newer one',
    options: { before: '5s' },
    came: [
      [20, high],
      [20.5, { x: 0 }],
      [16, high],
      [20.8, quiet],
    ],
    passes: [0, 1, 2, 3],
  },
  {
    name: 'a clock that was set ahead ends the window',
    came: [
      [5, high],
      [9005, quiet],
      [9006, quiet],
    ],
    passes: [0],
  },
  {
    name: 'a clock that was set ahead does not make a condition last',
    options: { for: '60s' },
    came: [
      [5, high],
      [9005, high],
      [9006, high],
    ],
    passes: [],
  },
  {
    name: 'an event that is too large for the ring is not held',
    options: { ring_size: 1024 },
    came: [
      [0, { x: 0, text: 'a'.repeat(1100) }],
      [1, quiet],
      [2, high],
    ],
    passes: [1, 2],
    counted: { not_held: 1 },
  },
  {
    name: 'a full ring keeps what is newest',
    options: { ring_size: 1024, before: '9s' },
    came: [
      [0, big(300)],
      [1, big(300)],
      [2, big(300)],
      [3, big(300)],
      [4, high],
    ],
    passes: [1, 2, 3, 4],
    counted: { pushed_out: 1 },
  },
  {
    name: 'a frequent tag does not push out a rare one',
    options: { ring_size: 1024, before: '9s' },
    came: [
      [0, { lat: 1 }, 'gps'],
      [1, big(500)],
      [2, big(500)],
      [3, big(500)],
      [4, high],
    ],
    passes: [0, 3, 4],
  },
  {
    name: 'a frequent message does not push out a rare one, where rings are told apart by it',
    options: { ring_size: 1024, before: '9s', key: 'name' },
    came: [
      [0, { name: 'rare' }],
      [1, { ...big(500), name: 'often' }],
      [2, { ...big(500), name: 'often' }],
      [3, { ...high, name: 'often' }],
    ],
    passes: [0, 2, 3],
  },
  {
    name: 'where there are too many rings, the one that was not used for longest goes',
    options: { max_rings: 2, before: '9s' },
    came: [
      [0, quiet, 'a'],
      [1, quiet, 'b'],
      [2, quiet, 'a'],
      [3, quiet, 'c'],
      [4, high, 'a'],
    ],
    passes: [0, 2, 3, 4],
    counted: { ring_closed: 1 },
  },
]

export function big(bytes: number): EventRecord {
  return { x: 0, text: 'a'.repeat(bytes) }
}
