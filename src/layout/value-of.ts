import type { Value } from '../event/event.js'
import { AgentError } from '../plugin/errors.js'
import { readInteger } from './integer.js'
import type { LayoutField } from './layout.js'
import { scaling } from './scaling.js'

/** What a number of a frame stands for. */
export type ValueOf = (number: number | bigint) => Value

/**
 * By the field's `null_when`, `enum`, `scale` and `offset`, in this order; undefined where they change nothing. What is no finite
 * number is no value.
 */
export function valueOf(field: LayoutField): ValueOf {
  const nulls = new Set((field.null_when ?? []).map((text) => readInteger('null_when', text)))
  const labels = labelsOf(field.enum ?? {})
  const scaled = scaling(field.scale, field.offset)
  return (number) => {
    if (nulls.size > 0 && nulls.has(number)) return null
    const label = labels.size > 0 ? labels.get(number) : undefined
    if (label !== undefined) return label
    const value = scaled ? scaled(Number(number)) : number
    return typeof value === 'bigint' || Number.isFinite(value) ? value : null
  }
}

function labelsOf(texts: { readonly [number: string]: string }): ReadonlyMap<number | bigint, string> {
  return new Map(Object.entries(texts).map(([number, label]) => [readInteger('enum', number), label]))
}

/** Only numbers can be worked on. */
export function refuseForText(field: LayoutField): void {
  for (const name of ['scale', 'offset', 'enum', 'null_when', 'bits'] as const) {
    if (field[name] === undefined) continue
    throw new AgentError('LAYOUT_FIELD', `${name}: expected only with a number, got it with type ${field.type}`)
  }
}
