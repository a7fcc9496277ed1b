import { AgentError } from '../plugin/errors.js'

/** An integer in decimal or behind `0x`, as an option writes it; a bigint where a double cannot hold it. */
export function readInteger(option: string, text: string): number | bigint {
  const [, sign, digits] = /^\s*(-?)(\d+|0x[0-9a-f]+)\s*$/i.exec(text) ?? []
  if (digits === undefined) {
    throw new AgentError('LAYOUT_NUMBER', `${option}: expected a whole number such as 255 or 0xff, got "${text}"`)
  }
  return narrowed(sign === '-' ? -BigInt(digits) : BigInt(digits))
}

/** A number where that is exact. */
export function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
