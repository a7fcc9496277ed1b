import type { Clock } from '../base/clock.js'
import type { CheckedLane } from '../config/pipeline.js'
import type { Chunk } from '../log/chunk.js'
import { Cursor, type CursorSettings } from '../log/cursor.js'
import { expire, expireFor } from '../log/eviction.js'
import { Lane } from '../log/lane.js'
import { MemoryBudget } from '../log/memory-budget.js'
import type { OutputLedger } from '../observe/ledger.js'
import { type Route, Router } from '../route/router.js'

/** A lane of the configuration, and the cursors that read it. */
export interface BuiltLane {
  readonly settings: CheckedLane
  readonly lane: Lane
  readonly cursors: readonly Cursor[]
}

/** A chunk that no disk has, and who still has to get it. */
export interface LeftChunk {
  readonly chunk: Chunk
  readonly lane: string
  /** Ids of all outputs, and of those among them that are not done with it. */
  readonly known: readonly string[]
  readonly waiting: readonly string[]
}

interface LaneRoutes extends BuiltLane {
  readonly cursors: Cursor[]
  readonly routes: Route<Cursor>[]
}

export interface LanesParts {
  readonly clock: Clock
  /** Begins the ids of all chunks of this run. */
  readonly run: string
  /** How long the machine was up when the clock's monotonic time was 0, in milliseconds. */
  readonly bootedMs: number
}

/** The log of one agent: its lanes, and in each of them a cursor for each output. */
export class Lanes {
  readonly #lanes = new Map<string, LaneRoutes>()

  constructor(checked: readonly CheckedLane[], parts: LanesParts) {
    for (const [index, settings] of checked.entries()) this.#lanes.set(settings.name, laneOf(settings, parts, index))
  }

  get all(): readonly BuiltLane[] {
    return [...this.#lanes.values()]
  }

  /** Drops what gets too old in memory alone, until the signal is aborted; what is on disk its backlog looks after. */
  expire(clock: Clock, signal: AbortSignal): void {
    for (const { settings, lane, cursors } of this.#lanes.values()) {
      const laneMs = settings.max_age ?? Infinity
      const shortestMs = Math.min(laneMs, ...cursors.map(({ maxAgeMs }) => maxAgeMs))
      const grainMs = shortestMs * expiryGrain
      if (settings.mode === 'memory' && grainMs < Infinity) void every(grainMs, () => expireNow(lane, cursors, laneMs))
    }

    async function every(intervalMs: number, work: () => void): Promise<void> {
      for (; !signal.aborted; await clock.sleep(intervalMs, signal)) work()
    }
  }

  /** How long the oldest event has waited for each output, in milliseconds. */
  get oldestPending(): { readonly [output: string]: number } {
    const oldest: { [output: string]: number } = {}
    for (const { id, oldestPendingMs } of [...this.#lanes.values()].flatMap(({ cursors }) => cursors))
      oldest[id] = Math.max(oldest[id] ?? 0, oldestPendingMs)
    return oldest
  }

  has(name: string): boolean {
    return this.#lanes.has(name)
  }

  /** What no disk has, in the order in which it came. */
  get unstored(): readonly LeftChunk[] {
    return [...this.#lanes.values()].flatMap(({ settings, lane, cursors }) => {
      const known = cursors.map(({ id }) => id)
      return lane.unstored.map((chunk) => {
        const waiting = cursors.filter((cursor) => !cursor.isDone(chunk.sequence)).map(({ id }) => id)
        return { chunk, lane: settings.name, known, waiting }
      })
    })
  }

  /** The lane by its name, which the configuration was checked for. */
  lane(name: string): Lane {
    const found = this.#lanes.get(name)
    if (!found) throw new Error(`no lane ${name}`)
    return found.lane
  }

  /** A cursor in each lane, those of a higher priority first. */
  cursorsOf(settings: CursorSettings, ledger: OutputLedger): readonly Cursor[] {
    const byPriority = [...this.#lanes.values()].sort((one, other) => other.settings.priority - one.settings.priority)
    return byPriority.map(({ lane, cursors, routes }) => {
      const cursor = new Cursor(lane, settings, ledger)
      cursors.push(cursor)
      routes.push({ match: settings.matches, target: cursor })
      return cursor
    })
  }
}

/** How late something may be dropped for its age, as a share of it. */
const expiryGrain = 0.01

/** What no output asks for stays open, and has no age before it is sealed. */
function expireNow(lane: Lane, cursors: readonly Cursor[], maxAgeMs: number): void {
  lane.seal()
  if (maxAgeMs < Infinity) expire(lane, maxAgeMs)
  for (const cursor of cursors) if (cursor.maxAgeMs < Infinity) expireFor(cursor, lane)
}

function laneOf(settings: CheckedLane, { clock, run, bootedMs }: LanesParts, index: number): LaneRoutes {
  const cursors: Cursor[] = []
  const routes: Route<Cursor>[] = []
  const matching = new Router(routes)
  const own = new Map<string, readonly Cursor[]>()
  const ownOf = (output: string): readonly Cursor[] => {
    const known = own.get(output) ?? cursors.filter(({ id }) => id === output)
    own.set(output, known)
    return known
  }
  const lane = new Lane({
    // Lanes count their chunks each by itself.
    run: run.slice(0, -1) + index.toString(36),
    budget: new MemoryBudget(settings.memory),
    clock,
    bootedMs,
    readers: (tag, output) => (output === '' ? matching.of(tag) : ownOf(output)),
  })
  return { settings, lane, cursors, routes }
}
