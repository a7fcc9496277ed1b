import { setImmediate as turn } from 'node:timers/promises'

import type { CheckedLane } from '../../src/config/pipeline.js'
import { Lanes } from '../../src/engine/lanes.js'
import { StoredLog } from '../../src/engine/stored-log.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { EncodedEvents } from '../../src/event/event.js'
import type { Letter } from '../../src/flush/dead-letter.js'
import { Flusher, type FlushSettings } from '../../src/flush/flusher.js'
import { Appender, type AppenderSettings } from '../../src/log/appender.js'
import type { BackfillLimit } from '../../src/log/cursor.js'
import { CursorGroup } from '../../src/log/cursor-group.js'
import { Ledger } from '../../src/observe/ledger.js'
import type { Output } from '../../src/plugin/define.js'
import { FakeClock } from './fake-clock.js'
import type { ForgetfulFiles } from './forgetful-files.js'
import { RecordingLogger } from './plugin-context.js'

export const storagePath = '/data'
export const logFolder = '/data/log'

export interface MachineOutput {
  readonly id: string
  readonly matches: (tag: string) => boolean
  readonly output: Output
  readonly backfill?: BackfillLimit
  readonly maxAgeMs?: number
  /** Gets the events that are given up. */
  readonly buried?: (events: readonly EncodedEvents[]) => void
}

export interface MachineParts {
  readonly files: ForgetfulFiles
  readonly lane?: Partial<CheckedLane>
  readonly input?: Partial<AppenderSettings>
  readonly outputs: readonly MachineOutput[]
  readonly flush?: Partial<FlushSettings>
}

export const machineLane: CheckedLane = {
  name: 'default',
  mode: 'durable',
  memory: 128 * 1024,
  disk_limit: 256 * 1024,
  max_age: undefined,
  priority: 0,
  full: undefined,
  spill_after: 1000,
  sync_interval: 10,
  segment_size: 2048,
}

/** Longest that a chunk stays open in a durable lane. */
export const flushMs = 250

let runs = 0

/** One run of an agent's inside on a disk in memory: an input, a lane, outputs, and the storage that outlives it all. */
export class Machine {
  readonly clock = new FakeClock()
  readonly log = new RecordingLogger()
  readonly ledger = new Ledger()
  readonly files: ForgetfulFiles
  readonly lanes: Lanes
  readonly input: Appender
  readonly storage: StoredLog
  readonly flushers: readonly Flusher[]

  constructor({ files, lane = {}, input = {}, outputs, flush = {} }: MachineParts) {
    const { clock, log, ledger } = this
    const run = `run${String(runs++).padStart(9, '0')}`
    this.files = files
    this.lanes = new Lanes([{ ...machineLane, ...lane }], { clock, run, bootedMs: 1000 })
    this.flushers = outputs.map((each) => this.#flusher(each, flush))
    const settings = { id: 'in', full: 'wait', ack: 'stored', ...input } as const
    this.input = new Appender(this.lane, settings, ledger.input('in'))
    this.storage = new StoredLog(
      { path: storagePath, checkpointMs: 1000, flushMs, boot: 'b'.repeat(32) },
      {
        lanes: this.lanes,
        ledger,
        appenders: new Map([['in', this.input]]),
        files,
        clock,
        log,
        startOldest: new Set<string>(),
      },
    )
  }

  get lane() {
    return this.lanes.lane('default')
  }

  /** Resolves once the storage is open, or once the disk stands still. */
  async start(): Promise<boolean> {
    const outcome: { isOpen?: boolean; error?: unknown } = {}
    this.storage.open().then(
      () => (outcome.isOpen = true),
      (error: unknown) => (outcome.error = error),
    )
    while (outcome.isOpen === undefined && !this.files.isFrozen) {
      await turn()
      if (outcome.error) throw outcome.error as Error
    }
    return outcome.isOpen === true
  }

  /** Ends in good order, with what is left on disk, as the engine does. */
  async stop(): Promise<void> {
    for (const flusher of this.flushers) await flusher.stop()
    await this.storage.close()
    this.lane.abandon()
  }

  put(tag: string, n: number, fill: number, ack?: (error?: Error) => void): void {
    this.input.ledger.accepted++
    this.input.append(tag, 0, 0, { n, fill: 'x'.repeat(fill) }, ack)
  }

  /** The agent's own remarks of a level. */
  lines(level: 'error' | 'warn' | 'info'): string[] {
    return this.log.lines.filter((line) => line.level === level).map(({ message }) => message)
  }

  #flusher({ output, buried, ...cursorSettings }: MachineOutput, changed: Partial<FlushSettings>): Flusher {
    const { clock, log, ledger } = this
    const { id } = cursorSettings
    const [cursor, ...others] = this.lanes.cursorsOf(cursorSettings, ledger.output(id))
    if (!cursor) throw new Error('a lane has a cursor')
    const deadLetter = {
      write: async (letters: readonly Letter[]): Promise<boolean> => {
        await Promise.resolve()
        for (const { events } of letters) buried?.(events)
        return true
      },
    }
    const settings = { id, ...flushDefaults, ...changed }
    return new Flusher(settings, { output, cursors: new CursorGroup([cursor, ...others]), clock, log, deadLetter })
  }
}

export const flushDefaults: Omit<FlushSettings, 'id'> = {
  maxBatchBytes: 4096,
  maxBatchAgeMs: 0,
  maxInFlight: 1,
  timeoutMs: 60_000,
  retryLimit: Infinity,
  retry: { baseMs: 1000, capMs: 10_000 },
}

export function numbersIn(events: Iterable<EncodedEvents>): number[] {
  return [...events].flatMap((each) => [...readEvents(each)].map(({ record }) => Number(record['n'])))
}

/** A backlog goes out at 16 bytes in a millisecond. */
export function slowBackfill(nowMs: () => number): BackfillLimit {
  let freeAt = 0
  return {
    waitMs: () => Math.max(0, freeAt - nowMs()),
    spend: (bytes) => void (freeAt = Math.max(freeAt, nowMs()) + bytes / 16),
  }
}
