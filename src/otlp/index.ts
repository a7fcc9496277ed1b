/**
 * The messages of OpenTelemetry (OTLP), the records that they become, and how records become messages.
 * @module
 */

export { logEvents, logsRequest } from './logs.js'
export { metricEvents } from './metrics.js'
export { metricsRequest } from './metrics-messages.js'
export { spanEvents, tracesRequest } from './traces.js'
export { type Gatherer } from './drafts.js'
export { logGatherer, type LogSettings } from './write-logs.js'
export { metricGatherer, type MetricSettings } from './write-metrics.js'
