import type { DbcSignal } from '../dbc/dbc.js'
import { bytesNeeded, firstBit } from '../dbc/layout.js'

/**
 * Bits of a signal that lie within four bytes of its frame, which read as one word of 32 bits:
 *
 *     word of bytes `at` to `at + 3`     |  left  |  the bits  |      |
 *     << left                            |  the bits  |               |
 *     >>> right, or >> right             |               |  the bits  |
 */
export interface Piece {
  readonly at: number
  readonly bigEndian: boolean
  readonly left: number
  readonly right: number
}

/** Bits of each piece but the first of a signal that has several. */
export const pieceBits = 24

/** How much each piece moves those before it up. */
export const pieceStep = 2 ** pieceBits

/** Where the last word begins in the 64 bytes of a frame; what came in several frames is longer, and read where it is. */
const lastWord = 60

const maxFrameBytes = 64

/** The pieces of a signal from its most significant bits down; one where it lies within a word, else as few as can be. */
export function piecesOf(signal: DbcSignal): readonly Piece[] {
  const whole = pieceOf(signal, 0, signal.length)
  if (whole) return [whole]
  const pieces: Piece[] = []
  for (let rest = signal.length; rest > 0; rest -= pieceBits) {
    const piece = pieceOf(signal, signal.length - rest, Math.min(rest, pieceBits))
    if (piece) pieces.unshift(piece)
  }
  return pieces
}

/** `length` bits that have `above` less significant ones below them; undefined where no word holds them. */
function pieceOf(signal: DbcSignal, below: number, length: number): Piece | undefined {
  const { bigEndian } = signal
  const first = firstBit(signal.start, bigEndian) + (bigEndian ? signal.length - below - length : below)
  const byte = first >> 3
  const at = byte > lastWord && bytesNeeded(signal) <= maxFrameBytes ? lastWord : byte
  const skipped = first - at * 8
  if (skipped + length > 32) return undefined
  return { at, bigEndian, left: bigEndian ? skipped : 32 - skipped - length, right: 32 - length }
}

/** The bits of a piece, as a signed number of 32 bits that is to be moved down. */
export function wordAt(data: Uint8Array, { at, bigEndian, left }: Piece): number {
  const a = data[at] as number
  const b = data[at + 1] as number
  const c = data[at + 2] as number
  const d = data[at + 3] as number
  return (bigEndian ? (a << 24) | (b << 16) | (c << 8) | d : a | (b << 8) | (c << 16) | (d << 24)) << left
}
