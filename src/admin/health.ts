import type { AgentStatus } from '../observe/status.js'
import type { LoopLag } from './loop-lag.js'

/** In milliseconds. */
export interface HealthBounds {
  readonly maxPendingMs: number
  readonly maxPauseMs: number
  readonly maxLoopLagMs: number
}

/** One thing that was looked at, what was found, and what is borne. */
export interface Check {
  readonly check: 'progress' | 'room' | 'disk' | 'loop'
  /** Id of the output or input, or name of the lane; absent where it is the agent itself. */
  readonly of?: string
  /** Milliseconds, or what is wrong with a disk. */
  readonly value: number | 'good' | 'limit' | 'error'
  readonly bound: number | 'good'
  readonly good: boolean
}

export interface Health {
  readonly good: boolean
  readonly checks: readonly Check[]
}

/** Alive: the event loop turns. */
export function liveness({ maxMs }: LoopLag, { maxLoopLagMs }: HealthBounds): Health {
  return healthOf([{ check: 'loop', ...within(maxMs, maxLoopLagMs) }])
}

/** Ready: every output makes progress or has nothing to do, every input finds room, every disk takes what it must. */
export function readiness(status: AgentStatus, bounds: HealthBounds): Health {
  return healthOf([...progressChecks(status, bounds), ...roomChecks(status, bounds), ...diskChecks(status)])
}

/** An output that delivers is well, however old its backlog is. Before it has delivered, the start counts. */
function progressChecks({ outputs, uptimeMs }: AgentStatus, { maxPendingMs }: HealthBounds): Check[] {
  return Object.entries(outputs).map(([of, { oldestPendingMs, sinceSuccessMs = uptimeMs }]) => {
    return { check: 'progress', of, ...within(Math.min(oldestPendingMs, sinceSuccessMs), maxPendingMs) }
  })
}

function roomChecks({ inputs }: AgentStatus, { maxPauseMs }: HealthBounds): Check[] {
  return Object.entries(inputs).map(([of, { pauseMs }]) => ({ check: 'room', of, ...within(pauseMs, maxPauseMs) }))
}

function diskChecks({ lanes }: AgentStatus): Check[] {
  return Object.entries(lanes)
    .filter(([, { mode }]) => mode !== 'memory')
    .map(([of, { trouble }]) => {
      return { check: 'disk', of, value: trouble ?? 'good', bound: 'good', good: trouble === undefined }
    })
}

function within(valueMs: number, boundMs: number): Pick<Check, 'value' | 'bound' | 'good'> {
  return { value: Math.round(valueMs), bound: boundMs, good: valueMs <= boundMs }
}

function healthOf(checks: readonly Check[]): Health {
  return { good: checks.every(({ good }) => good), checks }
}
