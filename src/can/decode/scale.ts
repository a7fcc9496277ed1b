import type { DbcSignal } from '../dbc/dbc.js'

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

type ScaledSignal = Pick<DbcSignal, 'factor' | 'offset' | 'decimals'>

/** Raw values of at most 32 bits are held by a double with room to spare; only others may need to be scaled exactly. */
export function scaleOf(signal: ScaledSignal, bits: number): Scale {
  const exact = exactScaleOf(signal)
  if (!exact) return plainScaleOf(signal)
  const scale = wholeScaleOf(exact, bits)
  return bits > 32 || scale.safeRaw >= 2 ** bits ? scale : plainScaleOf(signal)
}

/** `+ 0` makes 0 of -0. */
function plainScaleOf({ factor, offset }: ScaledSignal): Scale {
  return { multiplier: factor, addend: offset + 0, divisor: 1, safeRaw: Number.POSITIVE_INFINITY, exact: undefined }
}

function wholeScaleOf(exact: ExactScale, bits: number): Scale {
  const [multiplier, addend, divisor] = [Number(exact.multiplier), Number(exact.addend), Number(exact.divisor)]
  const isHeld = Number.isSafeInteger(multiplier) && Number.isSafeInteger(addend) && divisor <= 10 ** mostDecimals
  const room = Number.MAX_SAFE_INTEGER - Math.abs(addend)
  const safeRaw = isHeld ? room / Math.max(1, Math.abs(multiplier)) : -1
  return { multiplier, addend, divisor, safeRaw, exact: safeRaw >= 2 ** bits ? undefined : exact }
}

/** A whole number where the value is one; else the double next to it. */
export function scaleExactly(raw: bigint, { multiplier, addend, divisor }: ExactScale): bigint | number {
  const scaled = raw * multiplier + addend
  const quotient = scaled / divisor
  const rest = scaled % divisor
  if (rest === 0n) return narrow(quotient)
  return Number(quotient) + Number(rest) / Number(divisor)
}

function exactScaleOf({ factor, offset, decimals }: ScaledSignal): ExactScale | undefined {
  const [one, other] = [decimalOf(decimals?.factor ?? String(factor)), decimalOf(decimals?.offset ?? String(offset))]
  const places = Math.max(one.places, other.places, 0)
  if (places > mostDecimals * 2 || Math.min(one.places, other.places) < -mostDecimals * 2) return undefined
  return {
    multiplier: one.digits * 10n ** BigInt(places - one.places),
    addend: other.digits * 10n ** BigInt(places - other.places),
    divisor: 10n ** BigInt(places),
  }
}

/** A decimal: digits / 10 ** places. */
interface Decimal {
  readonly digits: bigint
  readonly places: number
}

function decimalOf(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const digits = BigInt((sign === '-' ? '-' : '') + (whole + fraction || '0'))
  return { digits, places: fraction.length - Number(exponent) }
}

/** Integers that a double holds are numbers. */
export function narrow(value: bigint): bigint | number {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
