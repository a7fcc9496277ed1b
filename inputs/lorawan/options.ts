import { datagramServerOptions } from 'sluice/net'
import {
  choice,
  duration,
  flag,
  type inputOptions,
  list,
  listOf,
  parsed,
  secret,
  size,
  text,
  type ValuesOf,
} from 'sluice/plugin'

const deviceOptions = {
  dev_addr: text('Its address in the network, as eight hex digits in quotes.', {
    required: true,
    pattern: '^[0-9a-fA-F]{8}$',
    expects: 'eight hex digits in quotes, such as "26011f2a"',
  }),
  name: text('Its name, put in the field `device`.', { filled: true }),
  nwk_s_key: secret('Session key of the network, as 32 hex digits: frames are checked by it.'),
  app_s_key: secret('Session key of the application, as 32 hex digits: payloads are decrypted by it.'),
  parser: text('Format of its payloads, instead of `parser`: a name from `parsers`, or a codec.', {
    filled: true,
    refers: 'parser',
  }),
} as const

export const lorawanOptions = {
  ...datagramServerOptions(1700),
  max_datagram: size('Longest datagram; longer ones are dropped.', { default: '16KiB', minimum: 256, maximum: 65_535 }),
  gateways: list('Gateways that are heard, by their 16 hex digits in quotes; by default all.'),
  devices: listOf('Devices whose frames are checked and decrypted, or that have a name.', deviceOptions),
  only_devices: flag('Take the frames of `devices` alone.', { default: false }),
  ...parsed,
  deduplicate: duration('How long a frame is known again that several gateways heard; 0 to take each of them.', {
    default: '0s',
    maximum: 3_600_000,
  }),
  stat: flag('Take the reports of gateways on themselves.', { default: true }),
  event_time: choice(
    'Time of the events: that of this machine, or that of the gateway where it knows one.',
    ['system', 'gateway'],
    { default: 'system' },
  ),
} as const

export type LorawanOptions = ValuesOf<typeof lorawanOptions & typeof inputOptions> & { readonly tag: string }

export type DeviceOptions = ValuesOf<typeof deviceOptions>
