import { defaultLane } from './check-lanes.js'
import type { ConfigDocument } from './document.js'
import type { CheckedLane } from './lane-options.js'
import { entryOf, type MapEntry, type MapNode, problemAt, type Problem } from './node.js'
import type { ServiceSettings } from './service-options.js'

const ofDisk = ['disk_limit', 'segment_size', 'sync_interval', 'spill_after']
const ofStorage = ['dead_letter_limit', 'checkpoint_interval']

/** Warns of what was set for a disk that is not written to: who sets a limit believes that something is kept below it. */
export function warnOfIdleOptions(
  document: ConfigDocument,
  service: ServiceSettings,
  lanes: readonly CheckedLane[],
  problems: Problem[],
): void {
  const hasPath = service['storage.path'] !== undefined
  const root: MapNode = { kind: 'map', entries: document.service, position: document.position }
  for (const { name, mode } of lanes) {
    const { map, prefix } = settingsOf(root, name)
    const why =
      mode === 'memory'
        ? `the lane is held in memory${hasPath ? '' : '; set service.storage.path'}`
        : 'the lane is durable'
    for (const option of idleIn(mode)) {
      const entry = entryOf(root, `${prefix}.${option}`) ?? (map && entryOf(map, option))
      warn(entry, `service.${prefix}.${option}: no effect, since ${why}`, problems)
    }
  }
  for (const option of hasPath ? [] : ofStorage)
    warn(entryOf(root, option), `service.${option}: no effect without a service.storage.path`, problems)
}

function idleIn(mode: CheckedLane['mode']): readonly string[] {
  if (mode === 'memory') return ofDisk
  return mode === 'durable' ? ['spill_after'] : []
}

interface LaneNode {
  readonly map: MapNode | undefined
  /** How its options are named below `service`. */
  readonly prefix: string
}

function settingsOf(root: MapNode, lane: string): LaneNode {
  if (lane === defaultLane) return { map: mapIn(root, 'storage'), prefix: 'storage' }
  const own = mapIn(root, 'lanes')?.entries.find(({ key }) => key === lane)
  return { map: mapOf(own), prefix: `lanes.${lane}` }
}

function mapIn(node: MapNode, name: string): MapNode | undefined {
  return mapOf(entryOf(node, name))
}

function mapOf(entry: MapEntry | undefined): MapNode | undefined {
  return entry?.value.kind === 'map' ? entry.value : undefined
}

function warn(entry: MapEntry | undefined, message: string, problems: Problem[]): void {
  if (entry) problems.push(problemAt(entry.value.position, message, 'warning'))
}
