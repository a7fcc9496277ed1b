import { didYouMean } from '../base/nearest.js'
import { ownOf } from '../base/own.js'
import {
  articleOf,
  type ConfigNode,
  entryOf,
  type MapEntry,
  type MapNode,
  type Position,
  type Problem,
  problemAt,
} from './node.js'

/** A whole configuration, whatever format it was written in. */
export interface ConfigDocument {
  readonly position: Position
  readonly env: readonly MapEntry[]
  readonly service: readonly MapEntry[]
  readonly parsers: readonly MapNode[]
  /** Groups of servers that outputs name. */
  readonly upstreams: readonly MapNode[]
  /** The servers. */
  readonly http: readonly MapNode[]
  readonly inputs: readonly MapNode[]
  readonly filters: readonly MapNode[]
  readonly outputs: readonly MapNode[]
}

export const emptyDocument = (position: Position): ConfigDocument => ({
  position,
  env: [],
  service: [],
  parsers: [],
  upstreams: [],
  http: [],
  inputs: [],
  filters: [],
  outputs: [],
})

/** Two documents as one. Where both set a variable or a setting of the service, the later one holds. */
export function joinDocuments(earlier: ConfigDocument, later: ConfigDocument): ConfigDocument {
  return {
    position: earlier.position,
    env: overridden(earlier.env, later.env, (key) => key),
    service: overridden(earlier.service, later.service, (key) => key.toLowerCase()),
    parsers: [...earlier.parsers, ...later.parsers],
    upstreams: [...earlier.upstreams, ...later.upstreams],
    http: [...earlier.http, ...later.http],
    inputs: [...earlier.inputs, ...later.inputs],
    filters: [...earlier.filters, ...later.filters],
    outputs: [...earlier.outputs, ...later.outputs],
  }
}

function overridden(
  earlier: readonly MapEntry[],
  later: readonly MapEntry[],
  nameOf: (key: string) => string,
): MapEntry[] {
  const set = new Set(later.flatMap((entry) => namesOf(entry, nameOf)))
  return joined([...earlier.flatMap((entry) => without(entry, set, nameOf)), ...later], nameOf)
}

/** `storage: {path: x}` sets what `storage.path: x` does. */
function namesOf({ key, value }: MapEntry, nameOf: (key: string) => string): string[] {
  return value.kind === 'map' ? value.entries.map((inner) => nameOf(`${key}.${inner.key}`)) : [nameOf(key)]
}

function without(entry: MapEntry, set: ReadonlySet<string>, nameOf: (key: string) => string): MapEntry[] {
  const { key, value } = entry
  if (set.has(nameOf(key))) return []
  if (value.kind !== 'map') return [entry]
  const entries = value.entries.filter((inner) => !set.has(nameOf(`${key}.${inner.key}`)))
  return entries.length === 0 ? [] : [{ ...entry, value: { ...value, entries } }]
}

/** Maps of one name are one map. */
function joined(entries: readonly MapEntry[], nameOf: (key: string) => string): MapEntry[] {
  const maps = new Map<string, MapEntry>()
  const rest: MapEntry[] = []
  for (const entry of entries) {
    const { key, value } = entry
    const before = maps.get(nameOf(key))?.value
    if (value.kind !== 'map') rest.push(entry)
    else if (before?.kind !== 'map') maps.set(nameOf(key), entry)
    else maps.set(nameOf(key), { ...entry, value: { ...value, entries: [...before.entries, ...value.entries] } })
  }
  return [...rest, ...maps.values()]
}

const topKeys = ['env', 'includes', 'service', 'parsers', 'upstream_servers', 'http', 'pipeline']
const pipelineKeys = ['inputs', 'filters', 'outputs'] as const

/** Sections of Fluent Bit's YAML that Sluice does not have, and what to do instead. */
const unsupportedKeys: { readonly [key: string]: string } = {
  multiline_parsers: 'there is no multiline parser',
  plugins: 'plugins are found in their folders',
  stream_processor: 'there is no stream processor; write filters instead',
  customs: 'there are no such plugins',
}

/** What is called the whole in problems, and the sections that it may have. */
export interface Whole {
  readonly name: string
  readonly sections: readonly string[]
}

const file: Whole = { name: 'the file', sections: topKeys }

/** The tree of a YAML file, or of another whole, to a document, and the files that it includes. */
export function documentOfTree(
  root: ConfigNode,
  problems: Problem[],
  whole: Whole = file,
): { document: ConfigDocument; includes: readonly ConfigNode[] } {
  const top = mapOf(root, whole.name, problems)
  checkKeys(top, '', whole.sections, problems)
  const pipeline = mapOf(childOf(top, 'pipeline'), 'pipeline', problems)
  checkKeys(pipeline, 'pipeline.', pipelineKeys, problems)
  const includes = childOf(top, 'includes')
  const document = {
    position: root.position,
    env: envOf(childOf(top, 'env'), problems),
    service: mapOf(childOf(top, 'service'), 'service', problems).entries,
    parsers: mapsOf(childOf(top, 'parsers'), 'parsers', problems),
    upstreams: mapsOf(childOf(top, 'upstream_servers'), 'upstream_servers', problems),
    http: mapsOf(childOf(top, 'http'), 'http', problems),
    inputs: mapsOf(childOf(pipeline, 'inputs'), 'inputs', problems),
    filters: mapsOf(childOf(pipeline, 'filters'), 'filters', problems),
    outputs: mapsOf(childOf(pipeline, 'outputs'), 'outputs', problems),
  }
  return { document, includes: includes?.kind === 'list' ? includes.items : includes ? [includes] : [] }
}

/** What a map holds by that name; a key without a value holds nothing. */
export function childOf(map: MapNode, name: string): ConfigNode | undefined {
  const node = entryOf(map, name)?.value
  return node?.kind === 'scalar' && node.value === null ? undefined : node
}

function checkKeys(map: MapNode, where: string, known: readonly string[], problems: Problem[]): void {
  for (const { key, position } of map.entries) {
    const name = key.toLowerCase()
    if (known.includes(name)) continue
    const advice = ownOf(unsupportedKeys, name)
    const hint = placeOf(name, where) ?? (didYouMean(key, known) || `; there are ${known.join(', ')}`)
    problems.push(
      problemAt(
        position,
        advice === undefined ? `${where}${key}: unknown section${hint}` : `${where}${key}: not offered; ${advice}`,
      ),
    )
  }
}

/** Where a section belongs that stands elsewhere. */
function placeOf(name: string, where: string): string | undefined {
  const isTop = where === ''
  if (isTop && pipelineKeys.some((section) => section === name)) return '; write it below "pipeline"'
  return !isTop && topKeys.includes(name) ? '; write it beside "pipeline"' : undefined
}

function mapOf(node: ConfigNode | undefined, where: string, problems: Problem[]): MapNode {
  if (node?.kind === 'map') return node
  if (node) problems.push(problemAt(node.position, `${where}: expected a map, got ${articleOf(node)}`))
  return { kind: 'map', entries: [], position: node?.position ?? { file: '' } }
}

/** The maps of a list. */
export function mapsOf(node: ConfigNode | undefined, where: string, problems: Problem[]): readonly MapNode[] {
  if (node === undefined) return []
  if (node.kind !== 'list') {
    problems.push(problemAt(node.position, `${where}: expected a list, each entry behind "- ", got ${articleOf(node)}`))
    return []
  }
  return node.items.flatMap((item, index) => {
    if (item.kind === 'map') return [item]
    problems.push(problemAt(item.position, `${where}[${index}]: expected a map, got ${articleOf(item)}`))
    return []
  })
}

/** A map of names to values, or Fluent Bit's list of `{name, value}`. */
function envOf(node: ConfigNode | undefined, problems: Problem[]): readonly MapEntry[] {
  if (node?.kind !== 'list') return mapOf(node, 'env', problems).entries
  return mapsOf(node, 'env', problems).flatMap((map, index) => {
    const [name, value] = [entryOf(map, 'name')?.value, entryOf(map, 'value')?.value]
    if (name?.kind === 'scalar' && value && map.entries.length === 2)
      return [{ key: name.text, position: name.position, value }]
    problems.push(problemAt(map.position, `env[${index}]: expected a map of "name" and "value"`))
    return []
  })
}
