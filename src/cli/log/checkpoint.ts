import { join } from 'node:path'

import { type Checkpoint, readCheckpoint } from '../../log/checkpoint.js'
import { nodeFiles } from '../../log/disk/node-files.js'
import type { LaneState } from '../../log/tally.js'
import { type OutputRoute, type Waiting, waitingIn } from '../../log/waiting.js'
import { type Place, routesOf } from './place.js'

/** As the agent takes it: one that is damaged is none. */
export async function checkpointOf({ folder }: Place): Promise<Checkpoint | undefined> {
  const found = await readCheckpoint(nodeFiles, join(folder, 'checkpoint.json'))
  return found === 'damaged' ? undefined : found
}

/** For each lane, what its outputs wait for. */
export function waitingOf(place: Place, checkpoint: Checkpoint | undefined): (lane: string) => readonly Waiting[] {
  const routes: readonly OutputRoute[] | undefined = routesOf(place)
  const lanes: { readonly [name: string]: LaneState } = checkpoint?.lanes ?? {}
  return (lane) => waitingIn(lanes[lane], routes)
}
