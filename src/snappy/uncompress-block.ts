import { AgentError } from '../base/agent-error.js'

/** Where the reading is in the block, and the writing in what comes of it. */
interface Progress {
  readonly block: Buffer
  readonly whole: Buffer
  at: number
  size: number
}

/**
 * One block of Snappy ("Snappy compressed format description", format_description.txt), which says in front how large it becomes.
 * Throws an AgentError `SNAPPY_TOO_LARGE` where that is more than `most` bytes, before any room is made for it, and
 * `SNAPPY_MALFORMED` where the block is something else. Every element moves both ends forward, so time is bounded as well.
 *
 *     block    = size as a varint, elements
 *     element  = tag byte, 0 to 4 bytes of a length or an offset, and the bytes themselves where it is a literal
 *     tag & 3  = 0 literal; 1, 2, 3 a copy of what came before, with an offset of 11, 16 or 32 bits
 */
export function uncompressBlock(bytes: Uint8Array, most: number): Uint8Array {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const { size, at } = preambleOf(block)
  if (size > most) {
    throw new AgentError('SNAPPY_TOO_LARGE', `snappy: expected at most ${most} bytes once uncompressed, got ${size}`)
  }
  const progress: Progress = { block, whole: Buffer.allocUnsafeSlow(size), at, size: 0 }
  while (progress.at < block.length) takeElement(progress)
  if (progress.size !== size) throw malformed(progress.at, `${size} bytes in all`, String(progress.size))
  return progress.whole
}

/** How large a block becomes, as it says in front. Throws an AgentError `SNAPPY_MALFORMED` where it does not say. */
export function uncompressedSize(bytes: Uint8Array): number {
  return preambleOf(bytes).size
}

function preambleOf(block: Uint8Array): { readonly size: number; readonly at: number } {
  let size = 0
  for (let at = 0; at < 5; at++) {
    const byte = block[at]
    if (byte === undefined) break
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { size, at: at + 1 }
  }
  throw malformed(0, 'a size of at most five bytes', `${block.length} bytes`)
}

function takeElement(progress: Progress): void {
  const tag = numberAt(progress, 1)
  const six = tag >>> 2
  switch (tag & 3) {
    case 0:
      return takeLiteral(progress, six < 60 ? six + 1 : numberAt(progress, six - 59) + 1)
    case 1:
      return takeCopy(progress, (six & 7) + 4, ((tag >>> 5) << 8) | numberAt(progress, 1))
    case 2:
      return takeCopy(progress, six + 1, numberAt(progress, 2))
    default:
      return takeCopy(progress, six + 1, numberAt(progress, 4))
  }
}

function takeLiteral(progress: Progress, length: number): void {
  const { block, whole, at, size } = progress
  if (length > block.length - at) throw malformed(at, `${length} bytes more`, String(block.length - at))
  makeSure(progress, length)
  block.copy(whole, size, at, at + length)
  progress.at += length
  progress.size += length
}

/** Of a copy that reaches into what it writes, the bytes written first are read again. */
function takeCopy(progress: Progress, length: number, offset: number): void {
  const { whole, at, size } = progress
  if (offset === 0 || offset > size) throw malformed(at, `an offset from 1 to ${size}`, String(offset))
  makeSure(progress, length)
  if (offset >= length) whole.copyWithin(size, size - offset, size - offset + length)
  else for (let to = size; to < size + length; to++) whole[to] = whole[to - offset] ?? 0
  progress.size += length
}

function numberAt(progress: Progress, bytes: number): number {
  const { block, at } = progress
  if (bytes > block.length - at) throw malformed(at, `${bytes} bytes more`, String(block.length - at))
  progress.at += bytes
  return block.readUIntLE(at, bytes)
}

function makeSure({ whole, at, size }: Progress, length: number): void {
  if (length > whole.length - size) throw malformed(at, `${whole.length} bytes in all`, 'more')
}

function malformed(at: number, expected: string, got: string): AgentError {
  return new AgentError('SNAPPY_MALFORMED', `snappy: expected ${expected} at byte ${at}, got ${got}`)
}
