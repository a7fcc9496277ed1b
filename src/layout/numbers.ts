/** Bytes of a number: highest first, lowest first, or 16-bit words of which the bytes (`badc`) or the words (`cdab`) are swapped. */
export type Order = 'be' | 'le' | 'badc' | 'cdab'

/** Reads a number at a place; an integer that a double cannot hold is a bigint. */
export type NumberReader = (bytes: Buffer, at: number) => number | bigint

export function integerReader(signed: boolean, size: number, order: Order): NumberReader {
  if (order === 'badc' || order === 'cdab') return reordered(integerReader(signed, size, 'be'), size, order)
  if (size > 6) return longReader(signed, size, order)
  if (signed)
    return order === 'be' ? (bytes, at) => bytes.readIntBE(at, size) : (bytes, at) => bytes.readIntLE(at, size)
  return order === 'be' ? (bytes, at) => bytes.readUIntBE(at, size) : (bytes, at) => bytes.readUIntLE(at, size)
}

export function floatReader(size: number, order: Order): NumberReader {
  if (order === 'badc' || order === 'cdab') return reordered(floatReader(size, 'be'), size, order)
  if (size === 4) return order === 'be' ? (bytes, at) => bytes.readFloatBE(at) : (bytes, at) => bytes.readFloatLE(at)
  return order === 'be' ? (bytes, at) => bytes.readDoubleBE(at) : (bytes, at) => bytes.readDoubleLE(at)
}

/** 7 and 8 bytes, in two halves of which the lower has 4. */
function longReader(signed: boolean, size: number, order: 'be' | 'le'): NumberReader {
  const upper = size - 4
  return (bytes, at) => {
    const low = order === 'be' ? bytes.readUInt32BE(at + upper) : bytes.readUInt32LE(at)
    const high = halfAt(bytes, order === 'be' ? at : at + 4, { signed, size: upper, order })
    const value = high * 2 ** 32 + low
    return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low)
  }
}

interface Half {
  readonly signed: boolean
  readonly size: number
  readonly order: 'be' | 'le'
}

function halfAt(bytes: Buffer, at: number, { signed, size, order }: Half): number {
  if (signed) return order === 'be' ? bytes.readIntBE(at, size) : bytes.readIntLE(at, size)
  return order === 'be' ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size)
}

/** Reads what was brought into order first. */
function reordered(read: NumberReader, size: number, order: 'badc' | 'cdab'): NumberReader {
  const ordered = Buffer.alloc(size)
  const places = Array.from({ length: size }, (_, index) =>
    order === 'badc' ? index ^ 1 : size - 2 - (index & ~1) + (index & 1),
  )
  return (bytes, at) => {
    for (let index = 0; index < size; index++) ordered[index] = bytes[at + (places[index] as number)] as number
    return read(ordered, 0)
  }
}
