import { AgentError } from 'sluice/plugin'

/** How a channel lies in a scan: `le:s12/16>>4` (the kernel's Documentation/ABI/testing/sysfs-bus-iio, "scan_elements"). */
export interface ScanFormat {
  readonly littleEndian: boolean
  readonly signed: boolean
  /** Bits that count, above `shift` others. */
  readonly bits: number
  readonly shift: number
  /** Bytes of one value. */
  readonly bytes: 1 | 2 | 4 | 8
  /** How many values there are, as of a quaternion. */
  readonly repeat: number
}

export type ReadNumber = (view: DataView, at: number) => number

const form = /^(be|le):([su])(\d+)\/(8|16|32|64)(?:X(\d+))?>>(\d+)$/

/** Throws an AgentError `IIO_BAD_FORMAT`. */
export function readFormat(text: string): ScanFormat {
  const [, order, sign, bits, storage, repeat = '1', shift] = form.exec(text) ?? []
  const format = {
    littleEndian: order === 'le',
    signed: sign === 's',
    bits: Number(bits),
    shift: Number(shift),
    bytes: (Number(storage) / 8) as ScanFormat['bytes'],
    repeat: Math.max(1, Number(repeat)),
  }
  const fits = format.bits >= 1 && format.bits + format.shift <= format.bytes * 8
  if (fits) return format
  throw new AgentError('IIO_BAD_FORMAT', `expected a format of a channel such as le:s12/16>>4, got "${text}"`)
}

/** Reads one value. What has more than 53 bits is rounded. */
export function numberReader({ littleEndian, signed, bits, shift, bytes }: ScanFormat): ReadNumber {
  if (bytes === 8) {
    const wide = (view: DataView, at: number): bigint => view.getBigUint64(at, littleEndian) >> BigInt(shift)
    if (signed) return (view, at) => Number(BigInt.asIntN(bits, wide(view, at)))
    return (view, at) => Number(BigInt.asUintN(bits, wide(view, at)))
  }
  const word = wordReader(bytes, littleEndian)
  const above = 32 - bits - shift
  const below = 32 - bits
  if (signed) return (view, at) => (word(view, at) << above) >> below
  return (view, at) => (word(view, at) << above) >>> below
}

function wordReader(bytes: 1 | 2 | 4, littleEndian: boolean): ReadNumber {
  if (bytes === 1) return (view, at) => view.getUint8(at)
  if (bytes === 2) return (view, at) => view.getUint16(at, littleEndian)
  return (view, at) => view.getUint32(at, littleEndian)
}
