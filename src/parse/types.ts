import { valueText } from '../event/accessor.js'
import type { Value } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'

/** Makes another type of a value; what does not fit stays as it is. */
export type Cast = (value: Value) => Value

const casts: { readonly [name: string]: Cast } = {
  integer: fromText((text) => (/^\s*[+-]?\d+\s*$/.test(text) ? toInteger(text.trim().replace(/^\+/, '')) : undefined)),
  float: fromText((text) => (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined)),
  bool: fromText((text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined)),
  hex: fromText((text) => (/^(0x)?[\da-f]+$/i.test(text) ? toInteger(`0x${text.replace(/^0x/i, '')}`) : undefined)),
  string: (value) => valueText(value) ?? value,
}

/** The casts of `types`: texts `field:type`, several of which may stand in one text with blanks between, as Fluent Bit has it. */
export function readTypes(types: readonly string[]): ReadonlyMap<string, Cast> {
  const words = types.flatMap((text) => text.split(/[\s,]+/)).filter((word) => word !== '')
  return new Map(words.map(readType))
}

function readType(word: string): readonly [field: string, cast: Cast] {
  const colon = word.lastIndexOf(':')
  const type = word.slice(colon + 1).toLowerCase()
  const cast = Object.hasOwn(casts, type) ? casts[type] : undefined
  if (colon > 0 && cast) return [word.slice(0, colon), cast]
  const message = `types: expected "field:type" with a type of ${Object.keys(casts).join(', ')}, got "${word}"`
  throw new AgentError('PARSE_UNKNOWN_TYPE', message)
}

function fromText(cast: (text: string) => Value | undefined): Cast {
  return (value) => (typeof value === 'string' ? (cast(value) ?? value) : value)
}

/** A bigint only where a number would lose digits. */
function toInteger(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}
