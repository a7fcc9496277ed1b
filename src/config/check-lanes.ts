import { didYouMean } from '../base/nearest.js'
import type { FoundInstance } from './check-instances.js'
import type { ConfigDocument } from './document.js'
import { type CheckedLane, laneOptions, type LaneValues, leastSegment } from './lane-options.js'
import { type ConfigNode, entryOf, type MapNode, type Position, problemAt, type Problem } from './node.js'
import type { ServiceSettings } from './service-options.js'
import { decodeSize, sizeText } from './units.js'

export const defaultLane = 'default'

const leastMemory = 1024 * 1024
const mostUsualSegment = 4 * 1024 * 1024

interface Found {
  readonly document: ConfigDocument
  readonly service: ServiceSettings
  /** What chooses a lane: inputs and servers. */
  readonly inputs: readonly Choosing[]
}

type Choosing = Pick<FoundInstance, 'options' | 'node' | 'label'>

/** The lanes of the log, the default one first, with their shares of memory; every mistake that the options alone do not show. */
export function checkLanes({ document, service, inputs }: Found, problems: Problem[]): readonly CheckedLane[] {
  const position = (name: string): Position => positionOfLane(document, name)
  const more = Object.entries(service.lanes ?? {}).map(([name, values]) => laneOf(name, values, service))
  for (const { name } of more.filter((lane) => !isLaneName(lane.name))) {
    const message = `service.lanes.${name}: expected a name of letters, digits, "_", "-" and "."; "${defaultLane}" is the lane of service.storage`
    problems.push(problemAt(position(name), message))
  }
  const shared = more.reduce((sum, { memory }) => sum + memory, 0)
  const left = service.memory_limit - shared
  const values = storageValues(service, document)
  const least = values.memory ?? leastMemory
  if (left < least) {
    const message = `service.lanes: expected the shares of memory to leave ${sizeText(least)} of memory_limit (${sizeText(service.memory_limit)}) to the default lane, got ${sizeText(shared)}`
    problems.push(problemAt(position(''), message))
  }
  const lanes = [laneOf(defaultLane, { ...values, memory: values.memory ?? left }, service), ...more]
  for (const lane of lanes) checkLane(lane, service, position(lane.name), problems)
  for (const input of inputs) checkChoice(input, lanes, problems)
  return lanes
}

function isLaneName(name: string): boolean {
  return /^[\w-][\w.-]*$/.test(name) && name !== defaultLane
}

function laneOf(name: string, values: LaneValues, service: ServiceSettings): CheckedLane {
  const mode = values.mode ?? (service['storage.path'] === undefined ? 'memory' : 'spill')
  const memory = values.memory ?? Math.max(leastMemory, Math.floor(service.memory_limit / 8))
  return { ...values, name, mode, memory, segment_size: values.segment_size ?? usualSegment(values.disk_limit) }
}

/** Files small enough that one of them is a small part of all that may be on disk. */
function usualSegment(diskLimit: number): number {
  return Math.min(Math.max(Math.floor(diskLimit / 8), leastSegment), mostUsualSegment)
}

/** `storage.mode` and its like, as `mode` and its like. */
function storageValues(service: ServiceSettings, document: ConfigDocument): LaneValues {
  const values = Object.keys(laneOptions).map((name) => [name, service[`storage.${name}` as keyof ServiceSettings]])
  const given = Object.fromEntries(values) as unknown as LaneValues
  const node: MapNode = { kind: 'map', entries: document.service, position: document.position }
  const mode = given.mode ?? modes[textIn(node, 'storage.type')?.toLowerCase() ?? '']
  const limit = textIn(node, 'storage.disk_limit') === undefined ? totalLimit(document) : undefined
  return { ...given, mode, disk_limit: limit ?? given.disk_limit }
}

/** What Fluent Bit's `storage.type` says of a service. */
const modes: { readonly [type: string]: CheckedLane['mode'] } = { memory: 'memory', filesystem: 'spill' }

/** Fluent Bit bounds the disk of each output by itself; here they share a log, which the largest of these bounds fits. */
function totalLimit({ outputs }: ConfigDocument): number | undefined {
  const limits = outputs.map((output) => decodeSize(textIn(output, 'storage.total_limit_size')) ?? 0)
  return Math.max(0, ...limits) || undefined
}

function checkLane(lane: CheckedLane, service: ServiceSettings, position: Position, problems: Problem[]): void {
  const label = lane.name === defaultLane ? 'service.storage' : `service.lanes.${lane.name}`
  if (lane.mode !== 'memory' && service['storage.path'] === undefined) {
    const message = `${label}.mode: expected a service.storage.path beside "${lane.mode}", got none; write the folder that events may be kept in`
    problems.push(problemAt(position, message))
  }
  if (lane.mode !== 'memory' && lane.disk_limit < 2 * lane.segment_size) {
    const message = `${label}.disk_limit: expected room for two segments (segment_size ${sizeText(lane.segment_size)}), got ${sizeText(lane.disk_limit)}`
    problems.push(problemAt(position, message))
  }
}

/** An input's lane must be there, and keep what its `ack` promises. */
function checkChoice({ options, node, label }: Choosing, lanes: readonly CheckedLane[], problems: Problem[]): void {
  const { lane: name = defaultLane, ack } = options
  const lane = lanes.find((each) => each.name === name)
  const at = (option: string): Position => entryOf(node, option)?.value.position ?? node.position
  if (!lane) {
    const names = lanes.map((each) => each.name)
    const hint = didYouMean(String(name), names) || `; there are ${names.join(', ')}`
    problems.push(problemAt(at('lane'), `${label}.lane: unknown lane "${String(name)}"${hint}`))
  } else if (lane.mode === 'memory' && (ack === 'stored' || isFilesystem(node))) {
    const what = ack === 'stored' ? 'ack' : 'storage.type'
    const message = `${label}.${what}: expected a lane on disk beside "${ack === 'stored' ? 'stored' : 'filesystem'}", got "${lane.name}", which is held in memory; set service.storage.path`
    problems.push(problemAt(at(what), message))
  }
}

function isFilesystem(node: MapNode): boolean {
  return textIn(node, 'storage.type')?.toLowerCase() === 'filesystem'
}

function textIn(node: MapNode, name: string): string | undefined {
  const value = entryOf(node, name)?.value ?? nestedIn(node, name)
  return value?.kind === 'scalar' ? value.text : undefined
}

/** `a: {b: value}` for `a.b`. */
function nestedIn(node: MapNode, name: string): ConfigNode | undefined {
  const [group = '', part = ''] = name.split('.')
  const map = entryOf(node, group)?.value
  return map?.kind === 'map' ? entryOf(map, part)?.value : undefined
}

function positionOfLane({ service, position }: ConfigDocument, name: string): Position {
  const key = name === defaultLane ? 'storage' : 'lanes'
  const entry = service.find((each) => each.key.toLowerCase().split('.')[0] === key)
  if (!entry) return position
  const own = entry.value.kind === 'map' ? entry.value.entries.find((each) => each.key === name) : undefined
  return (own ?? entry).position
}
