import { choice, duration, flag, type inputOptions, integer, list, listOf, text, type ValuesOf } from 'sluice/plugin'
import { layoutOptions } from 'sluice/layout'
import { serialOptions } from 'sluice/serial'

/** Protocols by their numbers in the command `ATSP` (ELM327 data sheet); `auto` looks for the one that answers. */
export const protocols = {
  auto: 0,
  j1850_pwm: 1,
  j1850_vpw: 2,
  iso_9141: 3,
  kwp_slow: 4,
  kwp_fast: 5,
  can_11bit_500k: 6,
  can_29bit_500k: 7,
  can_11bit_250k: 8,
  can_29bit_250k: 9,
} as const

export type Protocol = keyof typeof protocols

const protocolNames = Object.keys(protocols) as Protocol[]

const pids = list(
  'Parameters to ask for, by name or by number, such as `engine_speed` or `0C`; by default all that the car has and that have a name.',
)

const polling = {
  pids,
  interval: duration('Time between two readings of `pids`.', { default: '1s', minimum: 10 }),
  groups: listOf('Parameters that are asked for more often, or more rarely.', {
    interval: duration('Time between two readings.', { required: true, minimum: 10 }),
    pids: list('Parameters of this group, by name or by number.', { required: true }),
  }),
  identifiers: listOf('Data of UDS (ReadDataByIdentifier) to ask for besides.', {
    id: integer('Its number, such as `0xF190`.', { required: true, minimum: 0, maximum: 0xffff }),
    ecu: text('Whom to ask, by the identifier that it answers from, such as `7EC`; by default whoever knows it.', {
      pattern: '^(7[eE][89a-fA-F]|18[dD][aA][fF]1[0-9a-fA-F]{2})$',
      expects: '7E8 to 7EF, or 18DAF100 to 18DAF1FF',
    }),
    interval: duration('Time between two readings.', { default: '60s', minimum: 10 }),
    fields: layoutOptions.fields,
  }),
  dtcs: duration('Time between two readings of trouble codes; 0 for none.', { default: '60s' }),
  uds_dtcs: flag('Codes are read by UDS (ReadDTCInformation) too: those of 24 bits, each with its status.', {
    default: false,
  }),
  freeze_frame: flag('With new trouble codes, what was when they came.', { default: false }),
  vehicle: flag('Each time the car begins to answer: the number of the vehicle, names and checks of what runs in it.', {
    default: true,
  }),
  units: flag('Each record says the units of its values.', { default: false }),
} as const

const { baud_rate: _rate, ...line } = serialOptions

export const obdOptions = {
  mode: choice(
    'How the car is reached: over a CAN bus of this machine, or by an adapter on a serial line or over TCP.',
    ['can', 'serial', 'tcp'],
    { default: 'can' },
  ),
  ...polling,
  protocol: choice('What the car speaks; `auto` finds it out.', protocolNames, { default: 'auto' }),
  timeout: duration('How long the car has to begin to answer.', { default: '200ms', minimum: 10, maximum: 1020 }),
  interface: text('`can`: the interface.', { default: 'can0', filled: true }),
  host: text('`tcp`: the adapter.', { default: '192.168.0.10', filled: true }),
  port: integer('`tcp`: its port.', { default: 35_000, minimum: 1, maximum: 65_535 }),
  ...line,
  baud_rate: integer('`serial`: bits per second.', {
    default: 38_400,
    minimum: 50,
    maximum: 20_000_000,
    aliases: ['bitrate'],
  }),
} as const

export type ObdOptions = ValuesOf<typeof obdOptions & typeof inputOptions> & { readonly tag: string }
