import { logFormats, signalOptions } from 'sluice/can'
import {
  choice,
  duration,
  files,
  flag,
  type inputOptions,
  integer,
  list,
  listOf,
  number,
  text,
  type ValuesOf,
} from 'sluice/plugin'

const thinning = {
  on_change: flag('Tell only what differs from what was told last.'),
  min_interval: duration('Least time between two records of the same.'),
  max_silence: duration('With `on_change`, longest time until the same is told again.'),
} as const

const sourceOptions = {
  source: choice('Where frames come from; by default `log` where there is a `path`, else `socketcan`.', [
    'socketcan',
    'candump',
    'socketcand',
    'log',
    'stdin',
    'tcp',
  ]),
  interfaces: list('`socketcan`, `candump`, `socketcand`: interfaces such as `can0`; they may come and go.', {
    default: ['can0'],
  }),
  path: list('`log`: files to read, one after the other.', { file: true }),
  format: choice('`log`, `stdin`, `tcp`: form of the lines; by default it is seen by the first of them.', logFormats),
  host: text('`tcp`, `socketcand`: host of the server.', { default: '127.0.0.1', filled: true }),
  port: integer('`tcp`: its port; `socketcand`: the same, by default 29536.', { minimum: 1, maximum: 65_535 }),
  speed: number(
    '`log`: how many times as fast as they were recorded frames are replayed; 0 is as fast as they can be read.',
    {
      default: 0,
      minimum: 0,
    },
  ),
  loop: flag('`log`: begin again after the last frame.', { default: false }),
  times: choice(
    '`log`: the time of a frame is the one in the log, or that at which it is replayed.',
    ['recorded', 'now'],
    {
      default: 'recorded',
    },
  ),
} as const

export const canOptions = {
  ...sourceOptions,
  dbc: files('DBC files of all buses, or a map of buses, in which `*` may stand, to theirs.'),
  mode: choice(
    'What is told: frames as they came, the signals in them, or both; by default `signals` where there are DBC files, else `raw`.',
    ['raw', 'signals', 'both'],
  ),
  ...signalOptions,
  network: choice('What puts messages of many frames together, and tells trouble codes.', ['j1939', 'nmea2000']),
  allow: list(
    'Frames to take: ids `0x123`, ranges `0x100-0x1ff`, messages `Engine*`, of a bus `can1:0x123`; by default all.',
  ),
  deny: list('Frames to leave out, though they are allowed; written in the same ways.'),
  on_change: flag('Tell only what differs from what was told last.', { default: false }),
  min_interval: duration(
    'Least time between two records of the same message, or with `records: signal` of the same signal.',
    {
      default: '0s',
    },
  ),
  max_silence: duration('With `on_change`, longest time until the same is told again; 0 for never.', { default: '0s' }),
  rules: listOf('The same for some messages or signals; the first that matches counts.', {
    match: text('Messages as in `allow`, or signals such as `Engine*.Speed`.', { required: true }),
    ...thinning,
  }),
  states: flag('Tell the state of a bus when it changes, in events whose tag ends with `.state`.', { default: true }),
} as const

export type CanOptions = ValuesOf<typeof canOptions & typeof inputOptions> & { readonly tag: string }
