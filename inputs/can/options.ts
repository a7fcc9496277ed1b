import { logFormats, reportOptions } from 'sluice/can'
import {
  choice,
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
import { serialOptions } from 'sluice/serial'

const { baud_rate: _rate, start_behavior: _start, ...line } = serialOptions

const adapter = {
  name: text('What the bus is called.', { default: 'slcan0', filled: true }),
  bitrate: integer('Bits per second of the bus.', { default: 500_000 }),
  data_bitrate: integer('Bits per second of the data of CAN FD.'),
  listen_only: flag('Acknowledges nothing on the bus, as far as the adapter can.', { default: false }),
  baud_rate: integer('Bits per second of the line.', { default: 115_200, minimum: 50, maximum: 20_000_000 }),
  ...line,
} as const

const sourceOptions = {
  source: choice('Where frames come from; by default `log` where there is a `path`, else `socketcan`.', [
    'socketcan',
    'candump',
    'socketcand',
    'slcan',
    'log',
    'stdin',
    'tcp',
  ]),
  interfaces: list('`socketcan`, `candump`, `socketcand`: interfaces such as `can0`; they may come and go.', {
    default: ['can0'],
  }),
  adapters: listOf('`slcan`: adapters on serial lines, each with its `path` and `bitrate`.', adapter),
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
  ...reportOptions,
  network: choice('What puts messages of many frames together, and tells trouble codes.', ['j1939', 'nmea2000']),
  states: flag('Tell the state of a bus when it changes, in events whose tag ends with `.state`.', { default: true }),
} as const

export type CanOptions = ValuesOf<typeof canOptions & typeof inputOptions> & { readonly tag: string }
