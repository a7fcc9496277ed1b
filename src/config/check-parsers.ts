import { ownOf } from '../base/own.js'
import { AgentError } from '../plugin/errors.js'
import type { LoadedPluginOf } from '../registry/plugin.js'
import type { Checking } from './lookup.js'
import { articleOf, entryOf, isError, type MapNode, positionText, type Problem, problemAt } from './node.js'
import type { CheckedParser } from './pipeline.js'
import { readNodeOptions } from './raw-options.js'

/** Names of formats that Fluent Bit's files use for codecs that we call otherwise. */
export const formerCodecs: { readonly [name: string]: string } = { json_lines: 'ndjson', json_stream: 'ndjson' }

export interface FoundParsers {
  /** The names of all parsers, those with mistakes too: a reference to one is no mistake of its own. */
  readonly names: readonly string[]
  /** Those without mistakes. */
  readonly checked: readonly CheckedParser[]
}

/** The `parsers` of the file: a name, a format, and the options of its codec. */
export async function checkParsers(maps: readonly MapNode[], checking: Checking): Promise<FoundParsers> {
  const { problems } = checking
  const names = new Map<string, MapNode>()
  const checked: CheckedParser[] = []
  for (const [index, map] of maps.entries()) {
    const label = `parsers[${index}]`
    const name = textOf(map, 'name', label, problems)
    const first = name === undefined ? undefined : names.get(name)
    if (name !== undefined && first !== undefined) problems.push(sameName(map, label, name, first))
    else if (name !== undefined) names.set(name, map)
    const codec = await codecOf(map, label, checking)
    if (!codec) continue
    const read = readNodeOptions(map, { ...codec, label, except: ['name', 'format'] })
    problems.push(...read.problems)
    if (name !== undefined && !read.problems.some(isError))
      checked.push({ name, codec, options: read.values, position: map.position })
  }
  return { names: [...names.keys()], checked }
}

function sameName(map: MapNode, label: string, name: string, first: MapNode): Problem {
  const position = entryOf(map, 'name')?.value.position ?? map.position
  return problemAt(position, `${label}.name: parser "${name}" is defined already at ${positionText(first.position)}`)
}

async function codecOf(
  map: MapNode,
  label: string,
  { lookup, problems }: Checking,
): Promise<LoadedPluginOf<'codec'> | undefined> {
  const format = textOf(map, 'format', label, problems)?.toLowerCase()
  if (format === undefined) return undefined
  try {
    return await lookup.load('codec', ownOf(formerCodecs, format) ?? format)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    problems.push(
      problemAt(entryOf(map, 'format')?.value.position ?? map.position, `${label}.format: ${error.message}`),
    )
    return undefined
  }
}

/** A text that an entry of the file must have; `name: null` names the output `null`. */
export function textOf(map: MapNode, name: string, label: string, problems: Problem[]): string | undefined {
  const entry = entryOf(map, name)
  if (!entry) problems.push(problemAt(map.position, `${label}: "${name}" is missing`))
  else if (entry.value.kind === 'scalar' && entry.value.text !== '') return entry.value.text
  else problems.push(problemAt(entry.value.position, `${label}.${name}: expected text, got ${articleOf(entry.value)}`))
  return undefined
}
