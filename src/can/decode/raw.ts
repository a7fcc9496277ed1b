import { pieceBits, pieceStep, type Piece, wordAt } from './pieces.js'
import type { SignalPlan } from './plan.js'

/** Raw values nearer to 0 stay safe integers with one more piece behind them. */
const roomForPiece = 2 ** (53 - pieceBits)

/** The bits of a signal as an integer; NaN where a double can't hold it. */
export function rawOf({ first, rest, isSigned }: SignalPlan, data: Uint8Array): number {
  const word = wordAt(data, first)
  let raw = isSigned ? word >> first.right : word >>> first.right
  for (let index = 0; index < rest.length; index++) {
    if (Math.abs(raw) >= roomForPiece) return Number.NaN
    raw = raw * pieceStep + bitsOf(rest[index] as Piece, data)
  }
  return raw
}

/** The same, of any length. */
export function longRawOf({ first, rest, isSigned }: SignalPlan, data: Uint8Array): bigint {
  const word = wordAt(data, first)
  let raw = BigInt(isSigned ? word >> first.right : word >>> first.right)
  for (const piece of rest) raw = (raw << BigInt(pieceBits)) | BigInt(bitsOf(piece, data))
  return raw
}

/** The bits of a signal as a number of IEEE 754; `scratch` has 8 bytes. */
export function floatOf(plan: SignalPlan, data: Uint8Array, scratch: DataView): number {
  const { first, rest } = plan
  if (plan.floatBits === 32) {
    scratch.setUint32(0, rawOf(plan, data))
    return scratch.getFloat32(0)
  }
  scratch.setUint16(0, bitsOf(first, data))
  for (let index = 0, at = 2; index < rest.length; index++, at += 3) {
    const bits = bitsOf(rest[index] as Piece, data)
    scratch.setUint16(at, bits >>> 8)
    scratch.setUint8(at + 2, bits)
  }
  return scratch.getFloat64(0)
}

function bitsOf(piece: Piece, data: Uint8Array): number {
  return wordAt(data, piece) >>> piece.right
}
