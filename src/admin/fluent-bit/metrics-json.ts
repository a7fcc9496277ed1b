import type { AgentStatus, ById } from '../../observe/status.js'

/** The counts of one instance, under the names that Fluent Bit gives them. */
export interface FluentBitCounts {
  readonly input: ById<{ readonly records: number; readonly bytes: number }>
  /** What filters leave out and add is counted by input: see `/ledger`. */
  readonly filter: ById<never>
  readonly output: ById<{
    readonly proc_records: number
    readonly proc_bytes: number
    readonly errors: number
    readonly retries: number
    readonly retries_failed: number
  }>
}

/** `/api/v1/metrics` (Fluent Bit, src/http_server/api/v1/metrics.c): counts since the agent started. */
export function metricsJson({ inputs, outputs }: AgentStatus): FluentBitCounts {
  return {
    input: mapped(inputs, ({ events, bytes }) => ({ records: events, bytes })),
    filter: {},
    output: mapped(outputs, ({ events, bytes, refusals, retries, givenUp }) => ({
      proc_records: events,
      proc_bytes: bytes,
      errors: refusals,
      retries,
      retries_failed: givenUp,
    })),
  }
}

function mapped<T, R>(all: ById<T>, count: (each: T) => R): ById<R> {
  return Object.fromEntries(Object.entries(all).map(([id, each]) => [id, count(each)]))
}
