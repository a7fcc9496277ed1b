import type { Schema } from '../plugin/options.js'
import {
  type ConfigNode,
  type MapEntry,
  type MapNode,
  positionText,
  type Position,
  type Problem,
  problemAt,
} from './node.js'
import type { OptionProblem } from './option-problems.js'
import { readOptions, type Validate } from './read-options.js'
import { namesOf } from './rename-options.js'
import { isMap } from './units.js'

interface Reading {
  readonly schema: Schema
  readonly validate: Validate
  /** What problems call the whole, such as `inputs[0]`. */
  readonly label: string
  /** Entries that are no options of this schema, such as `name`. */
  readonly except: readonly string[]
}

export interface NodeOptions {
  readonly values: { readonly [name: string]: unknown }
  readonly problems: readonly Problem[]
}

/** The options that a map of the file sets: values as a plugin sees them, and each problem with its place. */
export function readNodeOptions(map: MapNode, { schema, validate, label, except }: Reading): NodeOptions {
  const problems: Problem[] = []
  const entries = map.entries.filter(({ key }) => !except.includes(key.toLowerCase()))
  const raw = rawOptions(entries, schema, (entry, first) => {
    const message = `${label}.${entry.key}: given already at ${positionText(first.position)}; leave one of them out`
    problems.push(problemAt(entry.position, message))
  })
  const read = readOptions(schema, raw, validate)
  const told = read.problems.map((problem) => placed(problem, label, { ...map, entries }))
  return { values: read.values, problems: [...problems, ...told] }
}

function rawOptions(
  entries: readonly MapEntry[],
  schema: Schema,
  twice: (entry: MapEntry, first: MapEntry) => void,
): { [name: string]: unknown } {
  const names = namesOf(schema)
  const raw = new Map<string, unknown>()
  for (const entry of entries) {
    const { key } = entry
    const option = schema.properties?.[names.get(key.toLowerCase()) ?? key]
    const value = plainOf(entry.value, option)
    const first = entries.find((other) => other.key === key)
    if (first === entry || first === undefined) raw.set(key, value)
    else if (typesOf(option).includes('array')) raw.set(key, [raw.get(key), value].flat())
    else twice(entry, first)
  }
  return Object.fromEntries(raw)
}

/** What a node holds. An option that takes text gets what is written: `1.10` stays `1.10`. */
function plainOf(node: ConfigNode, schema: Schema | undefined): unknown {
  if (node.kind === 'scalar') return node.plain && node.value !== null && takesText(schema) ? node.text : node.value
  if (node.kind === 'list') return node.items.map((item) => plainOf(item, schema?.items))
  const rest = isMap(schema?.additionalProperties) ? schema.additionalProperties : undefined
  return Object.fromEntries(
    node.entries.map(({ key, value }) => [key, plainOf(value, schema?.properties?.[key] ?? rest)]),
  )
}

function takesText(schema: Schema | undefined): boolean {
  return typesOf(schema).includes('string') && schema?.['x-unit'] !== 'record'
}

function typesOf(schema: Schema | undefined): readonly string[] {
  return [schema?.type ?? []].flat()
}

function placed({ path, message, severity, on }: OptionProblem, label: string, map: MapNode): Problem {
  return problemAt(positionOf(map, path, on === 'name'), `${labelOf(label, path)}: ${message}`, severity)
}

/** What problems call a part of the whole that they call `label`, such as `inputs[0].dbc[1]`. */
export function labelOf(label: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => text + (typeof step === 'number' ? `[${step}]` : `.${step}`), label)
}

/** The place of what a path leads to; of its name where the name is meant. As far as the path goes in the file. */
export function positionOf(node: ConfigNode, path: readonly (string | number)[], ofName = false): Position {
  const [step, ...rest] = path
  if (step === undefined || node.kind === 'scalar') return node.position
  if (node.kind === 'list') return positionWithin(node.items[Number(step)], node, rest, ofName)
  return positionInMap(node, String(step), rest, ofName)
}

function positionInMap(map: MapNode, name: string, rest: readonly (string | number)[], ofName: boolean): Position {
  const entries = entriesNamed(map, name)
  if (ofName && rest.length === 0) return (entries[0] ?? map).position
  // A list of the classic format is a name that stands several times.
  const [index] = entries.length > 1 ? rest : []
  return index === undefined
    ? positionWithin(entries[0]?.value, map, rest, ofName)
    : positionWithin(entries[Number(index)]?.value, map, rest.slice(1), ofName)
}

function positionWithin(
  node: ConfigNode | undefined,
  around: ConfigNode,
  path: readonly (string | number)[],
  ofName: boolean,
): Position {
  return node ? positionOf(node, path, ofName) : around.position
}

function entriesNamed(map: MapNode, name: string): readonly MapEntry[] {
  const exact = map.entries.filter(({ key }) => key === name)
  return exact.length > 0 ? exact : map.entries.filter(({ key }) => key.toLowerCase() === name)
}
