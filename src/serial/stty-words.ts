import type { SerialSettings } from './serial-options.js'

/** What is told to `stty` of a line. */
export type LineSettings = Pick<
  SerialSettings,
  'baud_rate' | 'data_bits' | 'parity' | 'stop_bits' | 'flow_control' | 'hang_up'
>

/**
 * The words for `stty` (POSIX.1-2017, stty; `crtscts` and `cmspar` as GNU and BusyBox know them) that make a line raw: bytes come and
 * go as they are, a read returns as soon as `least` bytes are there, and carrier detect means nothing.
 */
export function sttyWords(settings: LineSettings, least = 1): readonly string[] {
  const { baud_rate: speed, data_bits: bits, stop_bits: stop, flow_control: flow } = settings
  return [
    ...['raw', '-echo', '-iexten', 'min', String(least), 'time', '0'],
    ...['clocal', 'cread', settings.hang_up ? 'hupcl' : '-hupcl'],
    ...[String(speed), `cs${bits}`, stop === 2 ? 'cstopb' : '-cstopb'],
    ...parityWords[settings.parity],
    ...[flow === 'hardware' ? 'crtscts' : '-crtscts'],
    ...(flow === 'software' ? ['ixon', 'ixoff', '-ixany'] : ['-ixon', '-ixoff']),
  ]
}

/** A character of the wrong parity comes as NUL, so that frames keep their length. Mark and space are odd and even that stick. */
const parityWords: { readonly [P in LineSettings['parity']]: readonly string[] } = {
  none: ['-parenb', '-inpck'],
  even: ['parenb', '-parodd', '-cmspar', 'inpck', '-ignpar', '-parmrk'],
  odd: ['parenb', 'parodd', '-cmspar', 'inpck', '-ignpar', '-parmrk'],
  mark: ['parenb', 'parodd', 'cmspar', 'inpck', '-ignpar', '-parmrk'],
  space: ['parenb', '-parodd', 'cmspar', 'inpck', '-ignpar', '-parmrk'],
}
