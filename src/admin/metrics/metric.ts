import type { AgentStatus, ById } from '../../observe/status.js'
import type { Health } from '../health.js'
import type { LoopLag } from '../loop-lag.js'
import type { Sample } from '../../http/exposition.js'

/** What metrics are read from, at one moment. */
export interface MetricsView {
  readonly status: AgentStatus
  readonly loopLag: LoopLag
  readonly health: Health
  readonly process: {
    readonly residentBytes: number
    /** User and system, since the process began. */
    readonly cpuSeconds: number
  }
  /** Counters of the server itself. */
  readonly counters: ById<number>
  readonly taps: { readonly clients: number; readonly dropped: number }
}

/** One metric: how it is called, what it means, and where its values are found. */
export interface Metric {
  /** Without `_total`, which a counter gets. */
  readonly name: string
  readonly type: 'counter' | 'gauge'
  /** In which the name ends. */
  readonly unit?: string
  readonly help: string
  /** Names of its labels, for the documentation. */
  readonly labels: readonly string[]
  readonly samples: (view: MetricsView) => Iterable<Sample>
}

/** A metric of the agent as a whole. */
export function single(metric: Omit<Metric, 'labels' | 'samples'>, value: (view: MetricsView) => number): Metric {
  return { ...metric, labels: [], samples: (view) => [{ labels: {}, value: value(view) }] }
}

interface Each<T> {
  /** The label that has the id. */
  readonly label: string
  readonly of: (view: MetricsView) => ById<T>
}

/** A metric that each instance has; of those where the value is undefined there is none. */
export function each<T>(
  { label, of }: Each<T>,
  metric: Omit<Metric, 'labels' | 'samples'>,
  value: (instance: T) => number | undefined,
): Metric {
  return {
    ...metric,
    labels: [label],
    samples: (view) =>
      Object.entries(of(view)).flatMap(([id, instance]) => {
        const found = value(instance)
        return found === undefined ? [] : [{ labels: { [label]: id }, value: found }]
      }),
  }
}

/** A metric that each instance has several of, told apart by one more label, such as the reason of a drop. */
export function eachOf<T>(
  { label, of }: Each<T>,
  metric: Omit<Metric, 'labels' | 'samples'> & { readonly by: string },
  values: (instance: T) => ById<number>,
): Metric {
  const { by, ...rest } = metric
  return {
    ...rest,
    labels: [label, by],
    samples: (view) =>
      Object.entries(of(view)).flatMap(([id, instance]) =>
        Object.entries(values(instance)).map(([name, value]) => ({ labels: { [label]: id, [by]: name }, value })),
      ),
  }
}
