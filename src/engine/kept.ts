import type { Clock } from '../base/clock.js'
import type { StateStore } from '../plugin/context.js'
import { LatestStore } from './latest-store.js'

/** What is in memory for as long as the process runs, whatever pipelines follow each other in it. */
export interface Kept {
  readonly latest: LatestStore
  /** The states of inputs, by their ids, where no folder has them. */
  readonly states: Map<string, StateStore>
}

export function nothingKept(clock: Pick<Clock, 'monotonic' | 'wall'>): Kept {
  return { latest: new LatestStore(clock), states: new Map() }
}
