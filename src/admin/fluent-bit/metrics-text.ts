import type { AgentStatus } from '../../observe/status.js'
import { labelText, numberText, type Sample } from '../../http/exposition.js'
import { metricsJson } from './metrics-json.js'

/** Of one run: what the lines of Fluent Bit say beside the counts. */
export interface FluentBitRun {
  readonly hostname: string
  /** Milliseconds since 1970. */
  readonly now: number
}

interface FluentBitMetric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly samples: readonly Sample[]
}

/** `/api/v1/metrics/prometheus`: sorted by name, each value with its time in milliseconds. */
export function metricsV1(status: AgentStatus, { now }: FluentBitRun): string {
  const counts = countMetrics(status).sort((one, other) => (one.name < other.name ? -1 : 1))
  const all = [...counts.map((metric) => textOf(metric, ` ${Math.floor(now)}`)), ...startMetrics(status).map(textOf1)]
  return all.join('')
}

/** `/api/v2/metrics/prometheus`: labels tell the host, and no times are given. */
export function metricsV2(status: AgentStatus, run: FluentBitRun): string {
  return allMetrics(status, run).map(textOf1).join('')
}

/** `/api/v2/metrics`: the text of the library cmetrics, a line for each value. */
export function metricsV2Text(status: AgentStatus, run: FluentBitRun): string {
  const time = `${new Date(run.now).toISOString().slice(0, -1)}000000Z`
  return allMetrics(status, run)
    .flatMap(({ name, samples }) =>
      samples.map(({ labels, value }) => `${time} ${name}${labelText(labels)} = ${numberText(value)}\n`),
    )
    .join('')
}

function allMetrics(status: AgentStatus, { hostname }: FluentBitRun): FluentBitMetric[] {
  const started = Math.floor(status.startedAt / 1000)
  const host = (value: number, labels: Sample['labels'] = {}) => [{ labels: { hostname, ...labels }, value }]
  return [
    {
      name: 'fluentbit_uptime',
      type: 'counter',
      help: 'Number of seconds that Fluent Bit has been running.',
      samples: host(Math.floor(status.uptimeMs / 1000)),
    },
    ...countMetrics(status),
    {
      name: 'fluentbit_process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      samples: host(started),
    },
    {
      name: 'fluentbit_build_info',
      type: 'gauge',
      help: 'Build version information.',
      samples: host(started, { version: status.version, os: process.platform }),
    },
    {
      name: 'fluentbit_hot_reloaded_times',
      type: 'gauge',
      help: 'Collect the count of hot reloaded times.',
      samples: host(status.reloads),
    },
  ]
}

/** Counts of the JSON, and what Fluent Bit says of them. */
const counted: { readonly [kind in 'input' | 'output']: { readonly [count: string]: string } } = {
  input: { bytes: 'Number of input bytes.', records: 'Number of input records.' },
  output: {
    proc_records: 'Number of processed output records.',
    proc_bytes: 'Number of processed output bytes.',
    errors: 'Number of output errors.',
    retries: 'Number of output retries.',
    retries_failed: 'Number of abandoned batches because the maximum number of re-tries was reached.',
  },
}

function countMetrics(status: AgentStatus): FluentBitMetric[] {
  const counts = metricsJson(status)
  return (['input', 'output'] as const).flatMap((kind) =>
    Object.entries(counted[kind]).map(([count, help]) => ({
      name: `fluentbit_${kind}_${count}_total`,
      help,
      type: 'counter' as const,
      samples: Object.entries<{ readonly [count: string]: number }>(counts[kind]).map(([name, values]) => {
        return { labels: { name }, value: values[count] ?? 0 }
      }),
    })),
  )
}

/** What `/api/v1` gives without a time. */
function startMetrics({ startedAt, version }: AgentStatus): FluentBitMetric[] {
  const gauge = { type: 'gauge' as const }
  return [
    {
      ...gauge,
      name: 'process_start_time_seconds',
      help: 'Start time of the process since unix epoch in seconds.',
      samples: [{ labels: {}, value: Math.floor(startedAt / 1000) }],
    },
    {
      ...gauge,
      name: 'fluentbit_build_info',
      help: 'Build version information.',
      samples: [{ labels: { version, edition: 'Community' }, value: 1 }],
    },
  ]
}

/** A metric without values has no lines at all. */
function textOf({ name, help, type, samples }: FluentBitMetric, behind: string): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}${behind}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function textOf1(metric: FluentBitMetric): string {
  return textOf(metric, '')
}
