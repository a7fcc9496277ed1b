import type { Clock } from '../base/clock.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { Flusher } from '../flush/flusher.js'
import type { Appender } from '../log/appender.js'
import { countChunks, type LaneChunks, noChunks } from '../log/chunk-counts.js'
import type { AgentStatus, ById, DiskStatus, InputStatus, LaneStatus, OutputStatus } from '../observe/status.js'
import type { BuiltLane } from './lanes.js'
import type { Pipeline } from './pipeline.js'
import type { LaneFigures } from './stored-log.js'
import { programVersion } from './version.js'

interface Source {
  readonly id: string
  readonly plugin: string
  readonly lane: string
}

/** Asks a running pipeline how it fares. Nothing is kept for it beforehand but what is counted by chunks and flushes. */
export class StatusSource {
  readonly #checked: CheckedPipeline
  readonly #pipeline: Pipeline
  readonly #clock: Clock
  #version: string | undefined
  readonly #startedAt: number
  readonly #startedMs: number
  readonly #reloads: () => number

  constructor(checked: CheckedPipeline, pipeline: Pipeline, clock: Clock, reloads: () => number = () => 0) {
    this.#reloads = reloads
    this.#checked = checked
    this.#pipeline = pipeline
    this.#clock = clock
    this.#startedAt = clock.wall()
    this.#startedMs = clock.monotonic()
  }

  read(): AgentStatus {
    const { lanes, ledger, storage } = this.#pipeline
    const chunks = new Map(lanes.all.map((built) => [built.settings.name, countChunks(built.lane)]))
    const disk = storage?.figures
    return {
      version: (this.#version ??= programVersion()),
      startedAt: this.#startedAt,
      uptimeMs: this.#clock.monotonic() - this.#startedMs,
      reloads: this.#reloads(),
      ledger: ledger.toJSON(),
      inputs: byId(this.#sources, (source) => this.#input(source, chunks)),
      filters: byId(this.#checked.filters, ({ plugin }) => ({ plugin: plugin.name })),
      outputs: this.#outputs(),
      lanes: Object.fromEntries(
        lanes.all.map((built) => [built.settings.name, laneStatus(built, chunks, disk?.lanes[built.settings.name])]),
      ),
      checkpointBytes: disk?.checkpoint_bytes ?? 0,
    }
  }

  /** Servers take events too. */
  get #sources(): readonly Source[] {
    const { inputs, servers } = this.#checked
    return [
      ...inputs.map(({ id, plugin, options: { lane } }) => ({ id, plugin: plugin.name, lane })),
      ...servers.map(({ id, options: { lane } }) => ({ id, plugin: 'http', lane })),
    ]
  }

  #input({ id, plugin, lane }: Source, chunks: ReadonlyMap<string, LaneChunks>): InputStatus {
    const { sealed, openCount, hasRoom, pause } = this.#pipeline.appenders.get(id) as Appender
    return {
      plugin,
      lane,
      events: sealed.events + openCount,
      bytes: sealed.bytes,
      hasRoom,
      pausedMs: pause.totalMs,
      pauseMs: pause.currentMs,
      chunks: chunks.get(lane)?.byInput.get(id) ?? noChunks,
    }
  }

  #outputs(): ById<OutputStatus> {
    const oldest = this.#pipeline.lanes.oldestPending
    const now = this.#clock.monotonic()
    const plugins = new Map(this.#checked.outputs.map(({ id, plugin }) => [id, plugin.name]))
    return byId(this.#pipeline.flushers, (flusher) => ({
      plugin: plugins.get(flusher.id) ?? '',
      oldestPendingMs: oldest[flusher.id] ?? 0,
      ...flushStatus(flusher, now),
    }))
  }
}

function flushStatus({ breaker, figures }: Flusher, now: number): Omit<OutputStatus, 'plugin' | 'oldestPendingMs'> {
  const { events, bytes, refusals, retries, givenUp, succeededAt } = figures
  const sinceSuccessMs = succeededAt === undefined ? undefined : now - succeededAt
  return { breaker, events, bytes, refusals, retries, givenUp, sinceSuccessMs }
}

function laneStatus(
  { settings, lane }: BuiltLane,
  chunks: ReadonlyMap<string, LaneChunks>,
  figures: LaneFigures | undefined,
): LaneStatus {
  return {
    mode: settings.mode,
    memoryBytes: lane.budget.used,
    memoryLimitBytes: lane.budget.limit,
    chunks: chunks.get(settings.name)?.all ?? noChunks,
    trouble: lane.backlog?.trouble,
    disk: figures && diskStatus(figures),
  }
}

function diskStatus(figures: LaneFigures): DiskStatus {
  return {
    ingestedBytes: figures.ingested_bytes,
    writtenBytes: figures.written_bytes,
    syncs: figures.syncs,
    syncMs: figures.sync_ms,
    segments: figures.segments,
    diskBytes: figures.disk_bytes,
  }
}

function byId<I extends { readonly id: string }, T>(all: readonly I[], status: (each: I) => T): ById<T> {
  return Object.fromEntries(all.map((each) => [each.id, status(each)]))
}
