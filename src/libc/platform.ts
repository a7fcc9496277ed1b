import { arch, endianness } from 'node:os'

/** How this machine lays out numbers; for a DataView. */
export const littleEndian = endianness() === 'LE'

const narrow: readonly string[] = ['arm', 'ia32', 'mipsel']

/** Bytes of a pointer, a `long` and a `size_t`. */
export const wordSize = narrow.includes(arch()) ? 4 : 8
