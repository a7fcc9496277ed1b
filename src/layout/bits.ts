import { AgentError } from '../plugin/errors.js'
import { narrowed } from './integer.js'

/** Some bits of an unsigned number: one is true or false, several are a number. */
export interface Bits {
  readonly width: number
  readonly of: (value: number | bigint) => number | bigint
}

/** `3`, or `4..6` for bits 4, 5 and 6 with 4 as the lowest, of a type with `size` bytes. */
export function readBits(text: string, size: number): Bits {
  const [, first = '', last = first] = /^(\d{1,2})(?:\.\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  const [low, high] = [Number(first), Number(last)]
  if (first === '' || low > high || high >= size * 8) {
    const message = `bits: expected a bit such as 3 or a range such as 4..6, below ${size * 8}, got "${text}"`
    throw new AgentError('LAYOUT_BITS', message)
  }
  const width = high - low + 1
  return { width, of: high < 32 && size <= 4 ? shortBits(low, width) : longBits(BigInt(low), BigInt(width)) }
}

function shortBits(low: number, width: number): Bits['of'] {
  const mask = width === 32 ? -1 : (1 << width) - 1
  return (value) => ((Number(value) >>> low) & mask) >>> 0
}

function longBits(low: bigint, width: bigint): Bits['of'] {
  const mask = (1n << width) - 1n
  return (value) => narrowed((BigInt(value) >> low) & mask)
}
