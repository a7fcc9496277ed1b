/** `value * scale + offset`. */
export type Scaling = (value: number) => number

/** Powers of ten up to here are exact as doubles. */
const mostDecimals = 22

/**
 * A scale of 0.1 is no double, so that 3 * 0.1 is 0.30000000000000004. Where scale and offset are decimals the integers over their
 * common power of ten are worked with instead, and rounded once: 3 / 10 is 0.3.
 */
export function scaling(scale = 1, offset = 0): Scaling | undefined {
  if (scale === 1 && offset === 0) return undefined
  const decimals = Math.max(decimalsOf(scale), decimalsOf(offset))
  const power = 10 ** decimals
  const [numerator, addend] = [Math.round(scale * power), Math.round(offset * power)]
  const plain: Scaling = (value) => value * scale + offset
  if (decimals > mostDecimals || !Number.isSafeInteger(numerator) || !Number.isSafeInteger(addend)) return plain
  return (value) => {
    const exact = value * numerator + addend
    return Number.isSafeInteger(exact) ? exact / power : plain(value)
  }
}

/** Digits behind the decimal point in the shortest way to write the number. */
function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  return Math.max(0, fraction.length - Number(exponent))
}
