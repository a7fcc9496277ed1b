import {
  all,
  bool,
  double,
  each,
  fixed64,
  int32,
  message,
  one,
  sfixed64,
  sint32,
  string,
  uint32,
  uint64,
} from '../protobuf/index.js'
import { keyValue, resource, scope } from './common.js'

/** opentelemetry/proto/metrics/v1/metrics.proto, all of these; exemplars and the metadata of a Metric are left out. */
const numberPoint = message('NumberDataPoint', {
  startTimeUnixNano: one(2, fixed64),
  timeUnixNano: one(3, fixed64),
  asDouble: one(4, double),
  asInt: one(6, sfixed64),
  attributes: all(7, () => keyValue),
  flags: one(8, uint32),
})

const histogramPoint = message('HistogramDataPoint', {
  startTimeUnixNano: one(2, fixed64),
  timeUnixNano: one(3, fixed64),
  count: one(4, fixed64),
  sum: one(5, double),
  bucketCounts: all(6, fixed64),
  explicitBounds: all(7, double),
  attributes: all(9, () => keyValue),
  flags: one(10, uint32),
  min: one(11, double),
  max: one(12, double),
})

const buckets = message('Buckets', { offset: one(1, sint32), bucketCounts: all(2, uint64) })

const exponentialHistogramPoint = message('ExponentialHistogramDataPoint', {
  attributes: all(1, () => keyValue),
  startTimeUnixNano: one(2, fixed64),
  timeUnixNano: one(3, fixed64),
  count: one(4, fixed64),
  sum: one(5, double),
  scale: one(6, sint32),
  zeroCount: one(7, fixed64),
  positive: one(8, () => buckets),
  negative: one(9, () => buckets),
  flags: one(10, uint32),
  min: one(12, double),
  max: one(13, double),
  zeroThreshold: one(14, double),
})

const quantileValue = message('ValueAtQuantile', { quantile: one(1, double), value: one(2, double) })

const summaryPoint = message('SummaryDataPoint', {
  startTimeUnixNano: one(2, fixed64),
  timeUnixNano: one(3, fixed64),
  count: one(4, fixed64),
  sum: one(5, double),
  quantileValues: all(6, () => quantileValue),
  attributes: all(7, () => keyValue),
  flags: one(8, uint32),
})

const gauge = message('Gauge', { dataPoints: each(1, () => numberPoint) })

const sum = message('Sum', {
  dataPoints: each(1, () => numberPoint),
  aggregationTemporality: one(2, int32),
  isMonotonic: one(3, bool),
})

const histogram = message('Histogram', {
  dataPoints: each(1, () => histogramPoint),
  aggregationTemporality: one(2, int32),
})

const exponentialHistogram = message('ExponentialHistogram', {
  dataPoints: each(1, () => exponentialHistogramPoint),
  aggregationTemporality: one(2, int32),
})

const summary = message('Summary', { dataPoints: each(1, () => summaryPoint) })

/** One of the last five is there. */
export const metric = message('Metric', {
  name: one(1, string),
  description: one(2, string),
  unit: one(3, string),
  gauge: one(5, () => gauge),
  sum: one(7, () => sum),
  histogram: one(9, () => histogram),
  exponentialHistogram: one(10, () => exponentialHistogram),
  summary: one(11, () => summary),
})

const scopeMetrics = message('ScopeMetrics', { scope: one(1, () => scope), metrics: each(2, () => metric) })

const resourceMetrics = message('ResourceMetrics', {
  resource: one(1, () => resource),
  scopeMetrics: each(2, () => scopeMetrics),
})

/** opentelemetry/proto/collector/metrics/v1/metrics_service.proto: ExportMetricsServiceRequest. */
export const metricsRequest = message('ExportMetricsServiceRequest', {
  resourceMetrics: each(1, () => resourceMetrics),
})

export type { numberPoint, histogramPoint, exponentialHistogramPoint, summaryPoint, buckets }
