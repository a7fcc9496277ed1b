import { noChunks } from '../../src/log/chunk-counts.js'
import type { AgentStatus, InputStatus, LaneStatus, OutputStatus } from '../../src/observe/status.js'

export const quietInput: InputStatus = {
  plugin: 'cpu',
  lane: 'default',
  events: 0,
  bytes: 0,
  hasRoom: true,
  pausedMs: 0,
  pauseMs: 0,
  chunks: noChunks,
}

export const quietOutput: OutputStatus = {
  plugin: 'stdout',
  breaker: 'closed',
  events: 0,
  bytes: 0,
  refusals: 0,
  retries: 0,
  givenUp: 0,
  oldestPendingMs: 0,
  sinceSuccessMs: undefined,
}

export const quietLane: LaneStatus = {
  mode: 'memory',
  memoryBytes: 0,
  memoryLimitBytes: 64 * 1024 * 1024,
  chunks: noChunks,
  trouble: undefined,
  disk: undefined,
}

/** An agent a minute after its start in which nothing has happened, but for what is given. */
export function agentStatus(given: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '1.2.3',
    startedAt: 1_700_000_000_000,
    uptimeMs: 60_000,
    reloads: 0,
    ledger: { inputs: {}, filters: {}, outputs: {} },
    inputs: { 'cpu.0': quietInput },
    filters: {},
    outputs: { 'stdout.0': quietOutput },
    lanes: { default: quietLane },
    checkpointBytes: 0,
    ...given,
  }
}
