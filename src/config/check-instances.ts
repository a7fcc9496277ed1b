import { AgentError } from '../plugin/errors.js'
import type { LoadedPlugin } from '../registry/plugin.js'
import { textOf } from './check-parsers.js'
import type { Checking, OptionsReader } from './lookup.js'
import { entryOf, isError, type MapNode, positionText, type Problem, problemAt, unsetPlaces } from './node.js'
import type { Checked, InstanceKind } from './pipeline.js'
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

/** A map of the file, and what problems call it, such as `inputs[0]`. */
export interface Labelled {
  readonly node: MapNode
  readonly label: string
}

export function labelled(section: string, maps: readonly MapNode[]): readonly Labelled[] {
  return maps.map((node, index) => ({ node, label: `${section}[${index}]` }))
}

/** The inputs, filters, outputs or stages of the file: their plugins, options and names. */
export async function checkInstances(
  kind: InstanceKind,
  maps: readonly Labelled[],
  checking: Checking,
): Promise<readonly FoundInstance[]> {
  const { problems } = checking
  const written = maps.map((each) => writtenInstance(each, problems))
  const plugins = await Promise.all(written.map((instance) => pluginOf(kind, instance, checking)))
  const counts = new Map<string, number>()
  const found = written.map(({ node, label, name }, index) => {
    const plugin = plugins[index]
    const number = counts.get(name) ?? 0
    counts.set(name, number + 1)
    const instance = { kind, label, node, id: `${name || kind}.${number}` }
    if (!plugin) return named({ ...instance, ...unread })
    return named({ ...instance, plugin, ...optionsOf({ node, label, reader: plugin, except: ['name'] }, problems) })
  })
  checkNames(found, problems)
  return found
}

/** What the engine gets of an instance in which nothing is wrong. */
export function checkedInstance<K extends InstanceKind>({ id, node, plugin, options }: FoundInstance): Checked<K> {
  return { id, position: node.position, plugin, options } as unknown as Checked<K>
}

interface WrittenInstance extends Labelled {
  /** Of its plugin, in lower case; empty where it is missing. */
  readonly name: string
}

function writtenInstance({ node, label }: Labelled, problems: Problem[]): WrittenInstance {
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

/** What an instance sets, and whether there is no mistake in it. */
export type ReadOptions = Pick<FoundInstance, 'options' | 'isSound'>

const unread: ReadOptions = { options: {}, isSound: false }

interface Reading extends Labelled {
  readonly reader: OptionsReader
  /** Entries that are no options. */
  readonly except: readonly string[]
}

export function optionsOf({ node, label, reader, except }: Reading, problems: Problem[]): ReadOptions {
  const read = readNodeOptions(node, { schema: reader.schema, validate: reader.validate, label, except })
  problems.push(...read.problems)
  // What a variable that is not set would have said is not known.
  const isSound = !read.problems.some(isError) && unsetPlaces(node).length === 0
  return { options: { ...read.values }, isSound }
}

interface Named extends Labelled {
  readonly kind: string
  readonly id: string
}

/** Names stand in logs, counters and state files: no two of a kind may be the same, nor one of those `taken`. */
export function checkNames(found: readonly Named[], problems: Problem[], taken: readonly Named[] = []): void {
  const first = new Map(taken.map((instance) => [instance.id, instance]))
  for (const instance of found) {
    const other = first.get(instance.id)
    if (!other) first.set(instance.id, instance)
    else {
      const message = `${instance.label}.alias: "${instance.id}" is the name of the ${other.kind} at ${positionText(other.node.position)}; choose another`
      problems.push(problemAt(positionOf(instance.node, ['alias']), message))
    }
  }
}
