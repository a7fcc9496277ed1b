import type { EventRecord } from '../plugin/index.js'
import type { Read } from '../protobuf/index.js'
import type {
  buckets,
  exponentialHistogramPoint,
  histogramPoint,
  numberPoint,
  summaryPoint,
} from './metrics-messages.js'
import { type Fields, recordOf } from './records.js'

type NumberPoint = Read<typeof numberPoint>

/** What a data point of any type has. */
export type Point = Pick<NumberPoint, 'attributes' | 'flags' | 'startTimeUnixNano' | 'timeUnixNano'>

/** A point whose flags say that there is no value has none. */
export function numberFields(point: NumberPoint): Fields {
  return { value: point.asInt ?? point.asDouble }
}

export function histogramFields(point: Read<typeof histogramPoint>): Fields {
  return {
    count: point.count ?? 0,
    sum: point.sum,
    min: point.min,
    max: point.max,
    explicit_bounds: point.explicitBounds,
    bucket_counts: point.bucketCounts,
  }
}

export function exponentialHistogramFields(point: Read<typeof exponentialHistogramPoint>): Fields {
  return {
    count: point.count ?? 0,
    sum: point.sum,
    min: point.min,
    max: point.max,
    scale: point.scale ?? 0,
    zero_count: point.zeroCount ?? 0,
    zero_threshold: point.zeroThreshold || undefined,
    positive: bucketsOf(point.positive),
    negative: bucketsOf(point.negative),
  }
}

export function summaryFields(point: Read<typeof summaryPoint>): Fields {
  const quantiles = point.quantileValues.map(({ quantile = 0, value = 0 }) => ({ quantile, value }))
  return { count: point.count ?? 0, sum: point.sum ?? 0, quantile_values: quantiles }
}

function bucketsOf(from: Read<typeof buckets> | undefined): EventRecord | undefined {
  return from && from.bucketCounts.length > 0
    ? recordOf({ offset: from.offset ?? 0, bucket_counts: from.bucketCounts })
    : undefined
}
