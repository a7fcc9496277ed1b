import type { Service, ServiceDefinition, ServiceTask } from 'sluice/http'
import { AgentError } from 'sluice/plugin'

export interface Timer {
  /** As the module has it, such as `every 5s`. */
  readonly name: string
  readonly intervalMs: number
  readonly run: ServiceTask
}

/** A service, and what takes what its functions throw. */
export interface Running {
  readonly service: Service
  readonly failed: (what: string, error: unknown) => void
}

/** Throws an AgentError `SERVICE_INVALID`. */
export function timersOf(timers: ServiceDefinition['timers'] = {}): readonly Timer[] {
  return Object.entries(timers).map(([name, run]) => ({ name, run: taskOf(name, run), intervalMs: msOf(name) }))
}

function taskOf(name: string, run: unknown): Timer['run'] {
  if (typeof run === 'function') return run as Timer['run']
  throw new AgentError('SERVICE_INVALID', `timer "${name}": expected a function`)
}

const unitMs: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const leastMs = 10

function msOf(name: string): number {
  const [, amount, unit = ''] = /^every\s+(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)(?:$|:)/.exec(name) ?? []
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN)
  if (ms >= leastMs) return ms
  throw new AgentError(
    'SERVICE_INVALID',
    `timer "${name}": expected an interval of at least 10ms, such as "every 5s" or "every 5s: poll"`,
  )
}

/** Runs a timer until the signal is aborted: at its interval after the run before, whatever became of that. */
export async function runTimer(
  { name, intervalMs, run }: Timer,
  { service, failed }: Running,
  signal: AbortSignal,
): Promise<void> {
  await service.clock.sleep(intervalMs, signal)
  while (!signal.aborted) {
    try {
      await run(service)
    } catch (error) {
      failed(`timer ${name}`, error)
    }
    await service.clock.sleep(intervalMs, signal)
  }
}
