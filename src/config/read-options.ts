import { ownOf } from '../base/own.js'
import type { Schema } from '../plugin/options.js'
import { expectedMessage, type OptionProblem, problemsOf, shown, type ValidationError } from './option-problems.js'
import { renameOptions } from './rename-options.js'
import { decodeMap, durationText, expectedUnit, isMap, sizeText, type Unit, unitDecoders } from './units.js'

/** What Ajv compiles of a schema: coerces and completes its argument in place. */
export interface Validate {
  (options: unknown): boolean
  errors?: readonly ValidationError[] | null
}

export interface ReadOptions {
  /** Complete only when no problem is an error. */
  readonly values: { readonly [name: string]: unknown }
  readonly problems: readonly OptionProblem[]
}

/** Raw options of a file to what a plugin sees: renamed, checked against their schema, completed, units decoded. */
export function readOptions(
  schema: Schema,
  raw: { readonly [name: string]: unknown },
  validate: Validate,
): ReadOptions {
  const renamed = renameOptions(schema, raw)
  const problems = [...renamed.problems, ...emptyOptions(schema, renamed.options)]
  const empty = new Set(problems.map((problem) => problem.path[0]))
  const given = Object.entries(renamed.options).filter(([name]) => !empty.has(name))
  const copied = given.map(([name, value]) => [name, copyOf(value, schema.properties?.[name])])
  const values: Record<string, unknown> = Object.fromEntries(copied)
  const errors = validate(values) ? [] : (validate.errors ?? [])
  const told = errors.filter((error) => !empty.has(String(error.params['missingProperty'])))
  problems.push(...problemsOf(schema, renamed.options, told))
  const wrong = new Set(problems.map((problem) => problem.path[0]))
  for (const [name, option] of Object.entries(schema.properties ?? {})) {
    if (values[name] === undefined || wrong.has(name)) continue
    values[name] = decode(values[name], option, [name], problems)
  }
  problems.push(...vainOptions(schema, given, values))
  return { values, problems: problems.map((problem) => ({ ...problem, path: renamed.writtenPath(problem.path) })) }
}

/** Ajv works in place, and knows a word of a choice only in the case that it was declared in. */
function copyOf(value: unknown, option: Schema | undefined): unknown {
  // A function, which only a program can give, is no value to copy.
  if (typeof value === 'function') return value
  if (typeof value !== 'string') return structuredClone(value)
  return option?.enum?.find((word) => typeof word === 'string' && word.toLowerCase() === value.toLowerCase()) ?? value
}

/** What is set and has no effect, since a flag is off that it needs. */
function vainOptions(
  schema: Schema,
  given: readonly (readonly [name: string, value: unknown])[],
  values: ReadOptions['values'],
): OptionProblem[] {
  return given.flatMap(([name]) => {
    const needs = ownOf(schema.properties ?? {}, name)?.['x-needs']
    if (needs === undefined || values[needs] === true) return []
    const message = `has no effect while ${needs} is off; write ${needs}: on, or leave it out`
    return [{ path: [name], severity: 'warning', message, on: 'name' }]
  })
}

/** Ajv would make 0, false or an empty text of nothing, and 1 of true. */
function emptyOptions(schema: Schema, options: ReadOptions['values']): OptionProblem[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const types = [option.type ?? []].flat()
    const numeric = types.length > 0 && types.every((type) => type === 'number' || type === 'integer')
    const empty = options[name] === null && types.length > 0 && !types.includes('null')
    if (!empty && !(numeric && typeof options[name] === 'boolean')) return []
    return [{ path: [name], severity: 'error', message: expectedMessage(option, options[name]) }]
  })
}

function decode(
  value: unknown,
  schema: Schema,
  path: readonly (string | number)[],
  problems: OptionProblem[],
): unknown {
  const unit = schema['x-unit']
  if (unit !== undefined) {
    const decoded = unitDecoders[unit](value, schema['x-bare'])
    const message = decoded === undefined ? `expected ${expectedUnit[unit]}` : boundsMessage(decoded, schema)
    if (message !== undefined) problems.push({ path, severity: 'error', message: `${message}${gotText(unit, value)}` })
    return decoded
  }
  const { items, properties, additionalProperties: others } = schema
  if (items && Array.isArray(value)) return value.map((each, index) => decode(each, items, [...path, index], problems))
  if ((properties || typeof others === 'object') && isMap(value)) {
    const decodeField = ([name, field]: [string, unknown]): [string, unknown] => {
      const option = properties?.[name] ?? (typeof others === 'object' ? others : undefined)
      return [name, option ? decode(field, option, [...path, name], problems) : field]
    }
    return Object.fromEntries(Object.entries(value).map(decodeField))
  }
  return value
}

/** What came instead, unless it may hold a secret, as a header may. */
function gotText(unit: Unit, value: unknown): string {
  if (unit !== 'map') return `, got ${shown(value)}`
  const at = [value].flat().findIndex((text) => decodeMap(text) === undefined)
  return `; text ${at + 1} has no value`
}

/** A JSON Schema of text cannot state the bounds of what the text means. */
function boundsMessage(decoded: unknown, schema: Schema): string | undefined {
  const { 'x-minimum': minimum, 'x-maximum': maximum, 'x-unit': unit } = schema
  if (typeof decoded !== 'number') return undefined
  const write = unit === 'size' ? sizeText : durationText
  if (minimum !== undefined && decoded < minimum) return `expected at least ${write(minimum)}`
  if (maximum !== undefined && decoded > maximum) return `expected at most ${write(maximum)}`
  return undefined
}
