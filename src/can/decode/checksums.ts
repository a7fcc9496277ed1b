/** Named ways to a checksum of one byte. */
export const signalChecksums = ['xor', 'sum', 'crc8_j1850', 'crc8_h2f'] as const

export type SignalChecksum = (typeof signalChecksums)[number]

/** Takes one more byte into a checksum. */
type Step = (sum: number, byte: number) => number

interface Algorithm {
  readonly start: number
  readonly step: Step
  readonly end: number
}

/** CRC of 8 bits with start and final value 0xff (AUTOSAR, "Specification of CRC Routines", 7.2.1.1 SAE J1850 and 7.2.1.2 0x2F). */
function crc8(polynomial: number): Algorithm {
  const table = Uint8Array.from({ length: 256 }, (_none, byte) => shifted(byte, polynomial))
  return { start: 0xff, end: 0xff, step: (sum, byte) => table[sum ^ byte] as number }
}

function shifted(byte: number, polynomial: number): number {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 0x80 ? ((rest << 1) ^ polynomial) & 0xff : rest << 1
  return rest
}

const algorithms: { readonly [Name in SignalChecksum]: Algorithm } = {
  xor: { start: 0, end: 0, step: (sum, byte) => sum ^ byte },
  sum: { start: 0, end: 0, step: (sum, byte) => (sum + byte) & 0xff },
  crc8_j1850: crc8(0x1d),
  crc8_h2f: crc8(0x2f),
}

/** What of a frame a checksum is over. */
export interface ChecksumBytes {
  /** First byte, from 0. */
  readonly from: number
  /** Behind the last byte. */
  readonly to: number
  /** A byte that is left out: that of the checksum itself. */
  readonly without: number
  /** Goes in behind them, such as the identifier of the data (AUTOSAR, "E2E Protocol Specification", profile 2); -1 for none. */
  readonly suffix: number
}

export function checksumOf(
  name: SignalChecksum,
  data: Uint8Array,
  { from, to, without, suffix }: ChecksumBytes,
): number {
  const { start, step, end } = algorithms[name]
  let sum = start
  for (let at = from; at < to; at++) if (at !== without) sum = step(sum, data[at] as number)
  return (suffix < 0 ? sum : step(sum, suffix)) ^ end
}
