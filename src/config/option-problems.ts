import { didYouMean } from '../base/nearest.js'
import type { Schema } from '../plugin/options.js'
import { expectedUnit, isMap } from './units.js'

export interface OptionProblem {
  /** Where, as the user wrote it; empty for the options as a whole. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly severity: 'error' | 'warning'
  /** Set where the name is wrong, and not what it is set to. */
  readonly on?: 'name'
}

/** What Ajv says of a value, as far as it is of use here. */
export interface ValidationError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: { readonly [name: string]: unknown }
}

type Path = readonly (string | number)[]

/** Ajv's errors in the words of the user's file: one for each place. */
export function problemsOf(schema: Schema, options: unknown, errors: readonly ValidationError[]): OptionProblem[] {
  const whole = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  const outer = errors.filter((error) => !whole.some((other) => error.schemaPath.startsWith(`${other.schemaPath}/`)))
  const found = new Map<string, OptionProblem>()
  for (const error of outer) {
    const problem = problemOf(schema, options, error)
    const place = error.keyword === 'required' ? `${error.instancePath}?${problem.message}` : problem.path.join('/')
    if (!found.has(place)) found.set(place, problem)
  }
  return [...found.values()]
}

function problemOf(schema: Schema, options: unknown, error: ValidationError): OptionProblem {
  const path = pathOf(error.instancePath)
  const at = schemaAt(schema, path)
  const severity = 'error'
  if (error.keyword === 'required') {
    return { path, severity, message: `option "${String(error.params['missingProperty'])}" is missing` }
  }
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty'])
    const known = Object.keys(at?.properties ?? {})
    return { path: [...path, name], severity, message: `unknown option${didYouMean(name, known)}`, on: 'name' }
  }
  return { path, severity, message: expectedMessage(at ?? {}, valueAt(options, path), error.keyword === 'pattern') }
}

/** What an option takes and what came instead, unless that is a secret. */
export function expectedMessage(schema: Schema, value: unknown, byPattern = false): string {
  const filled = value === '' && schema.minLength ? ' that is not empty' : ''
  const expected = `expected ${expectation(schema, byPattern)}${filled}`
  if (schema['x-secret']) return expected
  return `${expected}, got ${shown(value)}${schema.enum ? didYouMean(String(value), schema.enum.map(String)) : ''}`
}

function expectation(schema: Schema, byPattern: boolean): string {
  if (schema['x-unit'] !== undefined) return expectedUnit[schema['x-unit']]
  if (byPattern && schema['x-expects'] !== undefined) return schema['x-expects']
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  const { type = 'a value of another form', pattern, minimum, maximum } = schema
  const kinds = (typeof type === 'string' ? [type] : type).map((name) => typeNames[name] ?? name)
  return kinds.join(' or ') + range(minimum, maximum) + (byPattern ? ` that matches ${pattern}` : '')
}

const typeNames: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'nothing',
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return ` of at least ${minimum}`
  return maximum === undefined ? '' : ` of at most ${maximum}`
}

const longestShown = 80

/** A value as an error quotes it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isMap(value)) return 'a map'
  const text = JSON.stringify(typeof value === 'bigint' ? String(value) : value)
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…"`
}

function pathOf(pointer: string): Path {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
}

function schemaAt(schema: Schema, path: Path): Schema | undefined {
  let at: Schema | undefined = schema
  for (const step of path) {
    const rest: boolean | Schema | undefined = at?.additionalProperties
    at = typeof step === 'number' ? at?.items : (at?.properties?.[step] ?? (isMap(rest) ? rest : undefined))
  }
  return at
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path)
    at = isMap(at) || Array.isArray(at) ? (at as { readonly [key: string]: unknown })[step] : undefined
  return at
}
