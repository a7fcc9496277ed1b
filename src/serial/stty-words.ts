import type { SerialSettings } from './serial-options.js'

/** What is told to `stty` of a line. */
export type LineSettings = Pick<
  SerialSettings,
  'baud_rate' | 'data_bits' | 'parity' | 'stop_bits' | 'flow_control' | 'hang_up'
>

/**
 * The words for `stty` (POSIX.1-2017, stty; `crtscts` and `cmspar` as GNU and BusyBox know them) that make a line raw: bytes come and
 * go as they are, a read returns as soon as there is one, and carrier detect means nothing. A speed without a name is left out.
 */
export function sttyWords(settings: LineSettings): readonly string[] {
  const { baud_rate: speed, data_bits: bits, stop_bits: stop, flow_control: flow } = settings
  return [
    ...['raw', '-echo', '-iexten', 'min', '1', 'time', '0'],
    ...['clocal', 'cread', settings.hang_up ? 'hupcl' : '-hupcl'],
    ...(hasName(speed) ? [String(speed)] : []),
    ...[`cs${bits}`, stop === 2 ? 'cstopb' : '-cstopb'],
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

/** Speeds that termios names (asm-generic/termbits.h, B50 to B4000000). */
const named = new Set([
  ...[50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400],
  ...[460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000, 3_500_000],
  4_000_000,
])

/** Whether `stty` knows this speed. */
export function hasName(bitsPerSecond: number): boolean {
  return named.has(bitsPerSecond)
}
