import { didYouMean } from '../base/nearest.js'
import type { Schema, UpstreamNode } from '../plugin/options.js'
import { type FoundInstance, type Labelled, optionsOf } from './check-instances.js'
import type { FoundUpstream } from './check-upstreams.js'
import type { OptionsReader } from './lookup.js'
import { type MapEntry, type Problem, problemAt } from './node.js'
import { nodeOptions } from './node-options.js'
import { positionOf } from './raw-options.js'
import { namesOf } from './rename-options.js'

/** The options by which outputs name servers: of a server that stands for one of them there is no more to say. */
const naming = ['upstream', 'servers']

/** Outputs that name a group of servers get the servers in its place, each with its options. */
export function withUpstreams(
  outputs: readonly FoundInstance[],
  upstreams: readonly FoundUpstream[],
  reader: OptionsReader,
  problems: Problem[],
): readonly FoundInstance[] {
  const used = new Set<FoundUpstream>()
  const found = outputs.map((output) => {
    const name = output.options['upstream']
    if (!output.plugin || !refersTo(output.plugin.schema) || typeof name !== 'string') return output
    const upstream = upstreams.find((each) => each.name === name)
    if (!upstream) problems.push(unknown(output, name, upstreams))
    if (!upstream || hasBoth(output, problems)) return { ...output, isSound: false }
    used.add(upstream)
    return withServers(output, output.plugin, upstream, { reader, problems })
  })
  for (const upstream of upstreams)
    if (!used.has(upstream))
      problems.push(problemAt(upstream.node.position, `${upstream.label}: no output names it`, 'warning'))
  return found
}

function refersTo({ properties }: Schema): boolean {
  return properties?.['upstream']?.['x-refers'] === 'upstream'
}

function unknown({ node, label }: FoundInstance, name: string, upstreams: readonly FoundUpstream[]): Problem {
  const known = upstreams.flatMap((upstream) => upstream.name ?? [])
  const others = known.length > 0 ? `there are ${known.join(', ')}` : 'name it in upstream_servers'
  const hint = didYouMean(name, known) || `; ${others}`
  return problemAt(positionOf(node, ['upstream']), `${label}.upstream: unknown upstream "${name}"${hint}`)
}

function hasBoth({ node, label, options }: FoundInstance, problems: Problem[]): boolean {
  if (options['servers'] === undefined) return false
  const message = `${label}.servers: "upstream" names servers already; leave one of them out`
  problems.push(problemAt(positionOf(node, ['servers']), message))
  return true
}

interface Checking {
  readonly reader: OptionsReader
  readonly problems: Problem[]
}

function withServers(
  output: FoundInstance,
  plugin: OptionsReader,
  upstream: FoundUpstream,
  { reader, problems }: Checking,
): FoundInstance {
  const told: Problem[] = []
  const read = upstream.servers.map((server) => {
    const words = optionsOf({ ...server, reader, except: othersThan(server, Object.keys(nodeOptions)) }, told)
    const own = ownOptions(output, plugin, server, told)
    return {
      value: { ...words.options, options: own.options } as unknown as UpstreamNode,
      isSound: words.isSound && own.isSound,
    }
  })
  // Several outputs may name the group, and find the same.
  for (const problem of told) if (!problems.some((other) => isSame(other, problem))) problems.push(problem)
  const isSound = output.isSound && read.every((server) => server.isSound)
  return { ...output, isSound, options: { ...output.options, upstream: read.map(({ value }) => value) } }
}

function othersThan({ node }: Labelled, names: readonly string[]): readonly string[] {
  return node.entries.map(({ key }) => key.toLowerCase()).filter((key) => !names.includes(key))
}

function isSame(one: Problem, other: Problem): boolean {
  return one.message === other.message && one.position === other.position
}

/** The options of the output as they would be if this were its only server. */
function ownOptions(
  output: FoundInstance,
  plugin: OptionsReader,
  { node, label }: Labelled,
  problems: Problem[],
): Pick<FoundInstance, 'options' | 'isSound'> {
  const names = namesOf(plugin.schema)
  const nameOf = ({ key }: MapEntry): string => names.get(key.toLowerCase()) ?? key
  const own = node.entries.filter(({ key }) => !words.includes(key.toLowerCase()))
  const taken = new Set([...own.map(nameOf), ...naming, 'name'])
  const base = output.node.entries.filter((entry) => !taken.has(nameOf(entry)))
  const shared = own.filter((entry) => names.has(entry.key.toLowerCase()) && !isPerServer(plugin.schema, nameOf(entry)))
  for (const { key, position } of shared)
    problems.push(problemAt(position, `${label}.${key}: not an option of one server; write it where the output is`))
  const found: Problem[] = []
  const whole = { kind: 'map', entries: [...base, ...own], position: node.position } as const
  const read = optionsOf({ node: whole, label, reader: plugin, except: [] }, found)
  // What is wrong with the output itself is told of the output.
  const places = new Set(own.flatMap(({ position, value }) => [position, value.position]))
  problems.push(...found.filter(({ position }) => places.has(position)))
  return { options: read.options, isSound: read.isSound && shared.length === 0 }
}

/** `host` is an option of the output, too. */
const words = Object.keys(nodeOptions).filter((name) => name !== 'host')

function isPerServer({ properties }: Schema, name: string): boolean {
  const more = properties?.['upstream']?.['x-per-server'] ?? []
  return ['host', 'port', 'tls', ...more].includes(name) || name.startsWith('tls.')
}
