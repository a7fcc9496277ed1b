import { type DeadLetter, noDeadLetter } from '../../src/flush/dead-letter.js'
import { Flusher, type FlushSettings } from '../../src/flush/flusher.js'
import { Appender, type AppenderSettings } from '../../src/log/appender.js'
import { type BackfillLimit, Cursor } from '../../src/log/cursor.js'
import { CursorGroup } from '../../src/log/cursor-group.js'
import { Lane } from '../../src/log/lane.js'
import { MemoryBudget } from '../../src/log/memory-budget.js'
import { Ledger } from '../../src/observe/ledger.js'
import type { Output } from '../../src/plugin/define.js'
import { type Route, Router } from '../../src/route/router.js'
import { FakeClock } from './fake-clock.js'
import { RecordingLogger } from './plugin-context.js'

/** The engine's inside without its plugins: a lane, its appenders and flushers, on a clock that stands still. */
export class Flow {
  readonly clock = new FakeClock()
  readonly log = new RecordingLogger()
  readonly ledger = new Ledger()
  readonly budget: MemoryBudget
  readonly lane: Lane
  readonly #routes: Route<Cursor>[] = []

  constructor(memoryLimit = 1024 * 1024) {
    const router = new Router(this.#routes)
    this.budget = new MemoryBudget(memoryLimit)
    this.lane = new Lane({
      run: 'test',
      budget: this.budget,
      clock: this.clock,
      readers: (tag) => router.of(tag),
    })
  }

  input(id: string, settings: Partial<AppenderSettings> = {}): Appender {
    return new Appender(this.lane, { id, full: 'wait', ack: 'delivered', ...settings }, this.ledger.input(id))
  }

  output(
    id: string,
    output: Output,
    settings: Partial<FlushSettings & { match: (tag: string) => boolean; backfill: BackfillLimit }> = {},
  ): Flusher {
    const { match = () => true, backfill, ...changed } = settings
    const cursor = new Cursor(
      this.lane,
      { id, matches: match, ...(backfill ? { backfill } : {}) },
      this.ledger.output(id),
    )
    this.#routes.push({ match, target: cursor })
    const { clock, log } = this
    return new Flusher(
      { id, ...defaults, ...changed },
      { output, cursors: new CursorGroup([cursor]), clock, log, deadLetter: this.deadLetter },
    )
  }

  deadLetter: DeadLetter = noDeadLetter
}

const defaults: Omit<FlushSettings, 'id'> = {
  maxBatchBytes: 64 * 1024,
  maxBatchAgeMs: 0,
  maxInFlight: 1,
  timeoutMs: 60_000,
  retryLimit: Infinity,
  retry: { baseMs: 1000, capMs: 30_000 },
}

/** Appends `{ n }` and accounts for it as an intake does. */
export function put(appender: Appender, tag: string, n: number, ack?: (error?: Error) => void): void {
  appender.ledger.accepted++
  appender.append(tag, 0, 0, { n }, ack)
}
