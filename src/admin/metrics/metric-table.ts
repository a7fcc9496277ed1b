import { agentMetrics } from './agent-metrics.js'
import type { Family } from '../../http/exposition.js'
import type { Metric, MetricsView } from './metric.js'
import { pipelineMetrics } from './pipeline-metrics.js'

/** Every metric of `/metrics`; docs/metrics.md is made from it. */
export const metricTable: readonly Metric[] = [...agentMetrics, ...pipelineMetrics]

/** With their values; a metric that has none is there all the same, so that whoever looks for it knows it. */
export function familiesOf(view: MetricsView): readonly Family[] {
  return metricTable.map(({ name, type, unit, help, samples }) => {
    return { name, type, help, ...(unit === undefined ? {} : { unit }), samples: [...samples(view)] }
  })
}
