import { join } from 'node:path'

import type { Clock } from '../base/clock.js'
import { counted } from '../base/counted.js'
import type { Appender } from '../log/appender.js'
import { type Checkpoint, readCheckpoint } from '../log/checkpoint.js'
import type { Cursor } from '../log/cursor.js'
import type { LogFiles } from '../log/disk/files.js'
import { openBacklog } from '../log/open-backlog.js'
import type { Tally } from '../log/tally.js'
import { Counters } from '../observe/counters.js'
import type { Ledger } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import { Checkpoints } from './checkpoints.js'
import type { BuiltLane, Lanes } from './lanes.js'
import type { Heir } from './estate.js'
import { ledgerOf } from './settings.js'

export interface StoredLogSettings {
  /** `service.storage.path`. */
  readonly path: string
  /** How often the checkpoint is written while there are events on disk, in milliseconds. */
  readonly checkpointMs: number
  /** Longest that a chunk stays open in a durable lane, in milliseconds. */
  readonly flushMs: number
  /** Id of the machine's boot. */
  readonly boot: string
}

export interface StoredLogParts {
  readonly lanes: Lanes
  readonly ledger: Ledger
  /** The writing ends of all inputs, and of filters that make events, by the ids that their chunks have. */
  readonly appenders: ReadonlyMap<string, Appender>
  readonly files: LogFiles
  readonly clock: Clock
  readonly log: Logger
  /** Ids of outputs that take what is on disk though they are new. */
  readonly startOldest: ReadonlySet<string>
}

export interface LaneFigures {
  /** Bytes of the events that were taken. */
  readonly ingested_bytes: number
  /** Bytes that were written for them. */
  readonly written_bytes: number
  readonly syncs: number
  /** How long all syncs took together. */
  readonly sync_ms: number
  readonly segments: number
  /** Bytes of all segments, the one that is written to with the size that it may reach. */
  readonly disk_bytes: number
}

/** What the log costs the disk since the agent started. */
export interface DiskFigures {
  /** Of each lane that is on disk. */
  readonly lanes: { readonly [name: string]: LaneFigures }
  readonly checkpoint_bytes: number
}

const none = { written_bytes: 0, syncs: 0, sync_ms: 0 }

/** What of the log is on disk, for as long as the agent runs: opened before the inputs start, closed when all is flushed. */
export class StoredLog {
  readonly #settings: StoredLogSettings
  readonly #parts: StoredLogParts
  readonly #counters = new Map<string, Counters>()
  readonly #checkpoints: Checkpoints
  #opened = false

  constructor(settings: StoredLogSettings, parts: StoredLogParts) {
    this.#settings = settings
    this.#parts = parts
    const where = { path: this.#path, intervalMs: settings.checkpointMs }
    this.#checkpoints = new Checkpoints(where, { ...parts, lanes: this.#onDisk() })
  }

  /**
   * Finds what an earlier run left, or what the pipeline before this one did, and goes on from there. Rejects with an AgentError where
   * the agent must not start.
   */
  async open(heir?: Heir): Promise<void> {
    const { ledger } = this.#parts
    const checkpoint = await this.#readCheckpoint()
    const past = heir?.ledger ?? checkpoint?.ledger
    if (past) ledger.restore(past)
    for (const built of this.#onDisk()) this.#account(built, await this.#openLane(built, checkpoint))
    heir?.adopt()
    this.#balance(heir || checkpoint?.clean ? 'no_route' : 'crash')
    await this.#checkpoints.start()
    this.#opened = true
  }

  /** Moves what is left to disk. */
  async close(): Promise<void> {
    if (!this.#opened) return
    for (const { lane } of this.#onDisk()) await lane.backlog?.close()
    await this.#checkpoints.stop(this.#onDisk().every(({ lane }) => lane.unstoredCount === 0))
  }

  get figures(): DiskFigures {
    const lanes = this.#onDisk().map(({ settings, lane }) => {
      const { segments = [], usedBytes = 0 } = lane.backlog?.disk ?? {}
      const gauges = { ingested_bytes: lane.ingestedBytes, segments: segments.length, disk_bytes: usedBytes }
      return [settings.name, { ...none, ...this.#countersOf(settings.name).toJSON(), ...gauges }]
    })
    const checkpoint_bytes = this.#checkpoints.writtenBytes
    return { lanes: Object.fromEntries(lanes) as DiskFigures['lanes'], checkpoint_bytes }
  }

  #countersOf(name: string): Counters {
    const known = this.#counters.get(name) ?? new Counters()
    this.#counters.set(name, known)
    return known
  }

  async #readCheckpoint(): Promise<Checkpoint | undefined> {
    const { files, log } = this.#parts
    const found = await readCheckpoint(files, this.#path)
    if (found !== 'damaged') return found
    log.error(`${this.#path}: damaged; what is on disk is delivered once more`)
    return undefined
  }

  get #path(): string {
    return join(this.#settings.path, 'log', 'checkpoint.json')
  }

  #onDisk(): readonly BuiltLane[] {
    return this.#parts.lanes.all.filter(({ settings }) => settings.mode !== 'memory')
  }

  #openLane({ settings, lane, cursors }: BuiltLane, checkpoint: Checkpoint | undefined): Promise<Tally> {
    const { files, clock, log, startOldest } = this.#parts
    const { path, boot, flushMs } = this.#settings
    const { name, mode, max_age: maxAgeMs = Infinity } = settings
    return openBacklog(
      {
        mode: mode === 'durable' ? 'durable' : 'spill',
        delayMs: mode === 'durable' ? flushMs : settings.spill_after,
        syncIntervalMs: settings.sync_interval,
        maxAgeMs,
        dropOldest: settings.full === 'drop_oldest',
        disk: {
          folder: join(path, 'log', name),
          run: lane.run,
          boot,
          segmentBytes: settings.segment_size,
          limitBytes: settings.disk_limit,
        },
      },
      {
        lane,
        cursors,
        files,
        clock,
        log,
        counters: this.#countersOf(name),
        ledgerOf: (input) => ledgerOf(this.#parts.ledger, input),
        state: checkpoint?.lanes[name],
        startsOldest: ({ id }: Cursor) => startOldest.has(id),
      },
    )
  }

  /** What a checkpoint knew of and nobody has any more went with the memory of a run that was cut short, or with its output. */
  #balance(reason: 'no_route' | 'crash'): void {
    const { ledger, log } = this.#parts
    const lost = ledger.balance(reason)
    if (reason === 'crash' && lost > 0)
      log.warn(`up to ${counted(lost, 'event')} lost: only memory had them when the last run was cut short`)
  }

  /** What came after the checkpoint was accepted too; what is on disk is pending. */
  #account({ settings }: BuiltLane, { pending, freshOf }: Tally): void {
    const { ledger, log } = this.#parts
    const found = [...pending.values()].reduce((sum, count) => sum + count, 0)
    if (found > 0)
      log.info(`${counted(found, 'event')} of an earlier run still to be delivered`, { lane: settings.name })
    for (const [input, events] of freshOf.inputs) ledgerOf(ledger, input).accepted += events
    for (const [output, events] of freshOf.outputs) ledger.output(output).routed += events
    for (const [input, events] of pending) ledgerOf(ledger, input).pending += events
  }
}
