import {
  checkedInstance,
  checkInstances,
  checkNames,
  type FoundInstance,
  type Labelled,
  labelled,
  optionsOf,
} from './check-instances.js'
import type { LoadedPlugin } from '../registry/plugin.js'
import { childOf, mapsOf } from './document.js'
import type { Checking, OptionsReader } from './lookup.js'
import { type MapNode, type Problem, problemAt } from './node.js'
import type { CheckedServer } from './pipeline.js'
import type { ServerValues } from './server-options.js'

/** One server of the section `http` as far as it could be read. */
export interface FoundServer extends Omit<FoundInstance, 'kind' | 'plugin'> {
  readonly kind: 'server'
  readonly stages: readonly FoundInstance[]
}

/** The servers of the file, each with its stages. They share their names with the inputs, as they do the ledger. */
export async function checkServers(
  maps: readonly MapNode[],
  inputs: readonly FoundInstance[],
  checking: Checking,
): Promise<readonly FoundServer[]> {
  if (maps.length === 0) return []
  const { lookup, problems } = checking
  const reader = await lookup.serverReader()
  const read = labelled('http', maps).map((each, index) => readServer(each, `server.${index}`, reader, problems))
  const written = read.map((server) => stagesOf(server, problems))
  const found = await checkInstances('stage', written.flat(), checking)
  const servers = read.map((server, at) => {
    const own = new Set(written[at]?.map(({ node }) => node))
    return { ...server, stages: found.filter(({ node }) => own.has(node)) }
  })
  checkNames(servers, problems, inputs)
  for (const server of servers) checkSharing(server, problems)
  return servers
}

/** What the engine gets of a server in which nothing is wrong. */
export function checkedServer({ id, node: { position }, options, stages }: FoundServer): CheckedServer {
  return {
    id,
    position,
    options: options as ServerValues & Record<string, unknown>,
    stages: stages.map(checkedInstance<'stage'>),
  }
}

/** What a stage keeps that all requests must find is in one worker alone. */
function checkSharing({ options: { workers }, stages }: FoundServer, problems: Problem[]): void {
  if (typeof workers !== 'number' || workers === 1) return
  for (const { label, node, plugin } of stages) {
    if (!plugin || isShared(plugin)) continue
    const message = `the stage "${plugin.name}" cannot be shared by workers, since it keeps what all requests must find; leave out \`workers\`, or give it a server of its own and lead there with the stage \`proxy\``
    problems.push(problemAt(node.position, `${label}: ${message}`))
  }
}

function isShared({ definition }: LoadedPlugin): boolean {
  return 'shared' in definition && (definition.shared ?? false)
}

type ReadServer = Omit<FoundServer, 'stages'>

function readServer(written: Labelled, name: string, reader: OptionsReader, problems: Problem[]): ReadServer {
  const { options, isSound } = optionsOf({ ...written, reader, except: ['stages'] }, problems)
  const id = typeof options['alias'] === 'string' ? options['alias'] : name
  return { ...written, kind: 'server', id, options: { ...options, tag: options['tag'] ?? id }, isSound }
}

function stagesOf({ node, label }: Labelled, problems: Problem[]): readonly Labelled[] {
  const stages = childOf(node, 'stages')
  const isNone = stages === undefined || (stages.kind === 'list' && stages.items.length === 0)
  if (isNone) problems.push(problemAt(node.position, `${label}.stages: expected at least one stage`))
  return labelled(`${label}.stages`, mapsOf(stages, `${label}.stages`, problems))
}
