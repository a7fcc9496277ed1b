import { AgentError } from '../plugin/errors.js'
import type { LoadedPlugin } from '../registry/plugin.js'
import { textOf } from './check-parsers.js'
import type { Checking } from './lookup.js'
import { entryOf, isError, type MapNode, positionText, type Problem, problemAt, unsetPlaces } from './node.js'
import type { InstanceKind } from './pipeline.js'
import { positionOf, readNodeOptions } from './raw-options.js'

/** One entry of the pipeline as far as it could be read. */
export interface FoundInstance {
  readonly kind: InstanceKind
  readonly label: string
  readonly node: MapNode
  readonly id: string
  /** Missing where there is no such plugin. */
  readonly plugin?: LoadedPlugin
  /** Complete only where the options have no error. */
  readonly options: Record<string, unknown>
  /** There is such a plugin, and its options were read without an error. */
  readonly isSound: boolean
}

/** The inputs, filters or outputs of the file: their plugins, options and names. */
export async function checkInstances(
  kind: InstanceKind,
  maps: readonly MapNode[],
  checking: Checking,
): Promise<readonly FoundInstance[]> {
  const { problems } = checking
  const written = maps.map((node, index) => writtenInstance(kind, node, index, problems))
  const plugins = await Promise.all(written.map((instance) => pluginOf(kind, instance, checking)))
  const counts = new Map<string, number>()
  const found = written.map(({ node, label, name }, index) => {
    const plugin = plugins[index]
    const number = counts.get(name) ?? 0
    counts.set(name, number + 1)
    const instance = { kind, label, node, id: `${name || kind}.${number}` }
    return named(
      plugin ? { ...instance, plugin, ...optionsOf(plugin, node, label, problems) } : { ...instance, ...unread },
    )
  })
  checkNames(found, problems)
  return found
}

interface WrittenInstance {
  readonly node: MapNode
  readonly label: string
  /** Of its plugin, in lower case; empty where it is missing. */
  readonly name: string
}

function writtenInstance(kind: InstanceKind, node: MapNode, index: number, problems: Problem[]): WrittenInstance {
  const label = `${kind}s[${index}]`
  return { node, label, name: textOf(node, 'name', label, problems)?.toLowerCase() ?? '' }
}

/** An alias goes before the number, and an input without a tag has its name for one. */
function named(instance: FoundInstance): FoundInstance {
  const { kind, options } = instance
  const id = typeof options['alias'] === 'string' ? options['alias'] : instance.id
  return { ...instance, id, options: kind === 'input' ? { ...options, tag: options['tag'] ?? id } : options }
}

async function pluginOf(
  kind: InstanceKind,
  { node, label, name }: WrittenInstance,
  { lookup, problems }: Checking,
): Promise<LoadedPlugin | undefined> {
  if (name === '') return undefined
  try {
    return (await lookup.load(kind, name)) as LoadedPlugin
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    const position = entryOf(node, 'name')?.value.position ?? node.position
    problems.push(problemAt(position, `${label}.name: ${error.message}`))
    return undefined
  }
}

type ReadOptions = Pick<FoundInstance, 'options' | 'isSound'>

const unread: ReadOptions = { options: {}, isSound: false }

function optionsOf(plugin: LoadedPlugin, node: MapNode, label: string, problems: Problem[]): ReadOptions {
  const read = readNodeOptions(node, { schema: plugin.schema, validate: plugin.validate, label, except: ['name'] })
  problems.push(...read.problems)
  // What a variable that is not set would have said is not known.
  const isSound = !read.problems.some(isError) && unsetPlaces(node).length === 0
  return { options: { ...read.values }, isSound }
}

/** Names stand in logs, counters and state files: no two of a kind may be the same. */
function checkNames(found: readonly FoundInstance[], problems: Problem[]): void {
  const first = new Map<string, FoundInstance>()
  for (const instance of found) {
    const other = first.get(instance.id)
    if (!other) first.set(instance.id, instance)
    else {
      const message = `${instance.label}.alias: "${instance.id}" is the name of the ${other.kind} at ${positionText(other.node.position)}; choose another`
      problems.push(problemAt(positionOf(instance.node, ['alias']), message))
    }
  }
}
