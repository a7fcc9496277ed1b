import type { Pattern } from '../base/regex/pattern.js'
import { valueText } from '../event/accessor.js'
import type { Value } from '../event/event.js'

/** The values of a condition's fields, by their places in `fields`; undefined where an event has no such field. */
export type Values = readonly (Value | undefined)[]

/** One part of a condition. It never throws: what does not fit together is undefined, or false. */
export type Part = (values: Values) => Value | undefined

type Numeric = number | bigint

export const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const
export type Comparison = (typeof comparisons)[number]

/** Whether a value on its own holds: true, and any number but 0, since buses say 1 for on. */
export function holds(value: Value | undefined): boolean {
  return value === true || (isNumeric(value) && Boolean(value))
}

export function both(left: Part, right: Part): Part {
  return (values) => holds(left(values)) && holds(right(values))
}

export function either(left: Part, right: Part): Part {
  return (values) => holds(left(values)) || holds(right(values))
}

export function negation(of: Part): Part {
  return (values) => !holds(of(values))
}

/** Values of two kinds, or of none, are neither equal nor unequal, neither less nor more: all of these are false. */
export function compared(left: Part, comparison: Comparison, right: Part): Part {
  const fits = outcomes[comparison]
  return (values) => {
    const order = orderOf(left(values), right(values))
    return order !== undefined && fits(order)
  }
}

/** `field == null`: the field is missing, or null. */
export function missing(of: Part): Part {
  return (values) => (of(values) ?? null) === null
}

export function matched(of: Part, pattern: Pattern): Part {
  return (values) => {
    const text = valueText(of(values))
    return text !== undefined && pattern.test(text)
  }
}

/** Whether one of the parts has the same value. */
export function amongParts(of: Part, parts: readonly Part[]): Part {
  return (values) => {
    const value = of(values)
    for (const part of parts) if (orderOf(value, part(values)) === 0) return true
    return false
  }
}

/** Whether the list that stands in a field has the value. */
export function amongList(of: Part, list: Part): Part {
  return (values) => {
    const value = of(values)
    const found = list(values)
    if (!Array.isArray(found)) return false
    for (const element of found as readonly Value[]) if (orderOf(value, element) === 0) return true
    return false
  }
}

/** Integers beyond 2^53 lose in arithmetic what a double cannot hold; comparing them is exact. */
export function calculated(left: Part, sign: string, right: Part): Part {
  const result = calculations[sign] as (left: number, right: number) => number
  return (values) => {
    const [a, b] = [left(values), right(values)]
    return isNumeric(a) && isNumeric(b) ? result(Number(a), Number(b)) : undefined
  }
}

const outcomes: { readonly [C in Comparison]: (order: number) => boolean } = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

const calculations: { readonly [sign: string]: (left: number, right: number) => number } = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
}

/** Below, at or above 0; undefined where the two have no order. Booleans are ordered too: false comes first. */
function orderOf(left: Value | undefined, right: Value | undefined): number | undefined {
  if (isNumeric(left)) return isNumeric(right) ? ordered(left, right) : undefined
  if (typeof left === 'string') return typeof right === 'string' ? ordered(left, right) : undefined
  return typeof left === 'boolean' && typeof right === 'boolean' ? Number(left) - Number(right) : undefined
}

/** Not a number has no order. */
function ordered<T extends Numeric | string>(left: T, right: T): number | undefined {
  if (left < right) return -1
  if (left > right) return 1
  return left <= right ? 0 : undefined
}

function isNumeric(value: Value | undefined): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint'
}
