import type { LedgerFigures } from './ledger.js'

/** How an agent fares at one moment, as plain data: made when somebody asks, never kept. Durations are in milliseconds. */
export interface AgentStatus {
  readonly version: string
  /** When it started, milliseconds since 1970. */
  readonly startedAt: number
  readonly uptimeMs: number
  /** How many configurations took over since the process began; what is counted since the start begins anew with each. */
  readonly reloads: number
  readonly ledger: LedgerFigures
  readonly inputs: ById<InputStatus>
  readonly filters: ById<FilterStatus>
  readonly outputs: ById<OutputStatus>
  readonly lanes: ById<LaneStatus>
  /** Bytes of checkpoints that were written since the start. */
  readonly checkpointBytes: number
}

export interface ById<T> {
  readonly [id: string]: T
}

/** Of an input's own end of the log; counts are since the start. */
export interface InputStatus {
  readonly plugin: string
  readonly lane: string
  /** Events that the log has taken, and bytes of those in sealed chunks. */
  readonly events: number
  readonly bytes: number
  readonly hasRoom: boolean
  /** How long it has waited for room, and how long it does so now; 0 where it does not. */
  readonly pausedMs: number
  readonly pauseMs: number
  readonly chunks: ChunkCounts
}

export interface FilterStatus {
  readonly plugin: string
}

/** Of an output's flushes; counts are since the start. */
export interface OutputStatus {
  readonly plugin: string
  readonly breaker: 'closed' | 'open' | 'probing'
  readonly events: number
  readonly bytes: number
  /** Flushes that the destination refused. */
  readonly refusals: number
  /** Flushes that failed and are tried again. */
  readonly retries: number
  /** Batches that ran out of retries. */
  readonly givenUp: number
  /** How long the oldest event has waited; 0 where none does. */
  readonly oldestPendingMs: number
  /** Undefined before the first one. */
  readonly sinceSuccessMs: number | undefined
}

export interface LaneStatus {
  readonly mode: 'memory' | 'spill' | 'durable'
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  readonly chunks: ChunkCounts
  /** What keeps events from being written: the lane's share of the disk is used up, or the disk fails. */
  readonly trouble: 'limit' | 'error' | undefined
  /** Undefined where nothing is written. */
  readonly disk: DiskStatus | undefined
}

export interface ChunkCounts {
  /** In memory, and their bytes. */
  readonly memory: number
  readonly bytes: number
  /** Of these, those that an output has in hand, and their bytes. */
  readonly busy: number
  readonly busyBytes: number
  /** Both in memory and on disk. */
  readonly both: number
  /** On disk. */
  readonly disk: number
}

/** What one lane costs the disk since the start. */
export interface DiskStatus {
  readonly ingestedBytes: number
  readonly writtenBytes: number
  readonly syncs: number
  readonly syncMs: number
  readonly segments: number
  readonly diskBytes: number
}
