/** A checksum of `bytes` from `start` up to `end`. */
export type Sum = (bytes: Uint8Array, start: number, end: number) => number

/** A cyclic redundancy check in the parameters of Rocksoft's model (R. Williams, "A painless guide to CRC error detection", 1993). */
export interface CrcParameters {
  /** Bits: 8, 16, 24 or 32. */
  readonly width: number
  readonly poly: number
  readonly init: number
  /** Bytes go in with their lowest bit first. */
  readonly refin: boolean
  /** The result is turned round, lowest bit first. */
  readonly refout: boolean
  readonly xorout: number
}

/** One table of 256 remainders, one look-up a byte. */
export function crcOf(parameters: CrcParameters): Sum {
  const { width, refin, refout, xorout } = parameters
  const remainder = refin ? reflectedRemainder(parameters) : plainRemainder(parameters)
  const turned = refin !== refout
  return (bytes, start, end) => {
    const result = remainder(bytes, start, end)
    return ((turned ? reflected(result, width) : result) ^ xorout) >>> 0
  }
}

function reflectedRemainder({ width, poly, init }: CrcParameters): Sum {
  const table = tableOf(reflected(poly, width), (crc, turned) => (crc & 1 ? (crc >>> 1) ^ turned : crc >>> 1))
  const first = reflected(init, width)
  return (bytes, start, end) => {
    let crc = first
    for (let at = start; at < end; at++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number)
    return crc >>> 0
  }
}

/** The register stands at the top of 32 bits, so that one way does for every width. */
function plainRemainder({ width, poly, init }: CrcParameters): Sum {
  const shift = 32 - width
  const top = tableOf(poly << shift, (crc, aligned) => (crc & 0x80000000 ? (crc << 1) ^ aligned : crc << 1), 24)
  const first = init << shift
  return (bytes, start, end) => {
    let crc = first
    for (let at = start; at < end; at++) crc = (crc << 8) ^ (top[(crc >>> 24) ^ (bytes[at] as number)] as number)
    return crc >>> shift
  }
}

function tableOf(poly: number, step: (crc: number, poly: number) => number, shift = 0): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << shift
    for (let bit = 0; bit < 8; bit++) crc = step(crc, poly)
    return crc
  })
}

function reflected(value: number, width: number): number {
  let turned = 0
  for (let bit = 0; bit < width; bit++) if ((value >>> bit) & 1) turned |= 1 << (width - 1 - bit)
  return turned >>> 0
}
