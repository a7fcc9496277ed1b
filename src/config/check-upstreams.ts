import { type Labelled, labelled } from './check-instances.js'
import { textOf } from './check-parsers.js'
import { childOf, mapsOf } from './document.js'
import { entryOf, type MapNode, positionText, type Problem, problemAt } from './node.js'

/** One group of `upstream_servers` as far as it could be read. What its servers may say depends on the output that names it. */
export interface FoundUpstream extends Labelled {
  /** Undefined where it is missing. */
  readonly name: string | undefined
  readonly servers: readonly Labelled[]
}

const keys = ['name', 'nodes']

/** The groups of servers of the file. */
export function checkUpstreams(maps: readonly MapNode[], problems: Problem[]): readonly FoundUpstream[] {
  const found: FoundUpstream[] = []
  for (const { node, label } of labelled('upstream_servers', maps)) {
    checkKeys(node, label, problems)
    const name = textOf(node, 'name', label, problems)
    const first = name === undefined ? undefined : found.find((other) => other.name === name)
    if (first) problems.push(sameName(node, label, first))
    found.push({ node, label, name, servers: serversOf(node, label, problems) })
  }
  return found
}

function checkKeys(node: MapNode, label: string, problems: Problem[]): void {
  for (const { key, position } of node.entries) {
    if (keys.includes(key.toLowerCase())) continue
    problems.push(problemAt(position, `${label}.${key}: unknown option; there are ${keys.join(', ')}`))
  }
}

function sameName(node: MapNode, label: string, first: FoundUpstream): Problem {
  const position = entryOf(node, 'name')?.value.position ?? node.position
  return problemAt(
    position,
    `${label}.name: "${first.name}" is defined already at ${positionText(first.node.position)}`,
  )
}

function serversOf(node: MapNode, label: string, problems: Problem[]): readonly Labelled[] {
  const nodes = childOf(node, 'nodes')
  const isNone = nodes === undefined || (nodes.kind === 'list' && nodes.items.length === 0)
  if (isNone) problems.push(problemAt(node.position, `${label}.nodes: expected at least one server`))
  return labelled(`${label}.nodes`, mapsOf(nodes, `${label}.nodes`, problems))
}
