/**
 * How raw values become values: (raw × multiplier + addend) / divisor. Where factor and offset are decimals of few digits,
 * all three are whole numbers, so that the value is rounded once: 3 × 0.1 is 0.3, not 0.30000000000000004.
 */
export interface Scale {
  readonly multiplier: number
  readonly addend: number
  readonly divisor: number
  /** Raw values farther from 0 need `exact`, if there is one. */
  readonly safeRaw: number
  /** The same as whole numbers of any size. */
  readonly exact: ExactScale | undefined
}

export interface ExactScale {
  readonly multiplier: bigint
  readonly addend: bigint
  readonly divisor: bigint
}

/** Powers of ten beyond this are no doubles. */
const mostDecimals = 22

/** Numbers with more decimals than this are not worth whole numbers of such a size. */
const mostExactDecimals = 60

/** Raw values of at most 32 bits are held by a double with room to spare; only others may need to be scaled exactly. */
export function scaleOf(factor: number, offset: number, bits: number): Scale {
  const plain = {
    multiplier: factor,
    addend: offset + 0,
    divisor: 1,
    safeRaw: Number.POSITIVE_INFINITY,
    exact: undefined,
  }
  const exact = exactScaleOf(factor, offset)
  if (!exact) return plain
  const [multiplier, addend, divisor] = [Number(exact.multiplier), Number(exact.addend), Number(exact.divisor)]
  const isHeld = Number.isSafeInteger(multiplier) && Number.isSafeInteger(addend) && divisor <= 10 ** mostDecimals
  const safeRaw = isHeld ? (Number.MAX_SAFE_INTEGER - Math.abs(addend)) / Math.max(1, Math.abs(multiplier)) : 0
  if (safeRaw >= 2 ** bits) return { multiplier, addend, divisor, safeRaw, exact: undefined }
  return bits > 32 ? { multiplier, addend, divisor, safeRaw, exact } : plain
}

/** A whole number where the value is one; else the double next to it. */
export function scaleExactly(raw: bigint, { multiplier, addend, divisor }: ExactScale): bigint | number {
  const scaled = raw * multiplier + addend
  const quotient = scaled / divisor
  const rest = scaled % divisor
  if (rest === 0n) return narrow(quotient)
  return Number(quotient) + Number(rest) / Number(divisor)
}

function exactScaleOf(factor: number, offset: number): ExactScale | undefined {
  const [one, other] = [decimalOf(factor), decimalOf(offset)]
  const decimals = Math.max(one.decimals, other.decimals)
  if (decimals > mostExactDecimals) return undefined
  return {
    multiplier: one.digits * 10n ** BigInt(decimals - one.decimals),
    addend: other.digits * 10n ** BigInt(decimals - other.decimals),
    divisor: 10n ** BigInt(decimals),
  }
}

interface Decimal {
  readonly digits: bigint
  readonly decimals: number
}

/** The shortest decimal that is read as this number, which is the one in the file but for needless digits. */
function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const decimals = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 }
}

/** Integers that a double holds are numbers. */
export function narrow(value: bigint): bigint | number {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
