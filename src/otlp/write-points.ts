import { type EventRecord, type EventTime, isRecord, type Value } from '../plugin/index.js'
import type { Draft, Read } from '../protobuf/index.js'
import { attributeDrafts, nanosOfText, unixNano } from './drafts.js'
import type {
  buckets,
  exponentialHistogramPoint,
  histogramPoint,
  numberPoint,
  summaryPoint,
} from './metrics-messages.js'

/** A record of a data point and its time. */
export interface Point {
  readonly record: EventRecord
  readonly time: EventTime
}

type Integer = number | bigint

/** Whole values of a sum are integers; those of a gauge stay floats, as the next one may be a fraction. */
export function numberDraft({ record, time }: Point, isInteger: boolean): Draft<Read<typeof numberPoint>> {
  const value = numberIn(record['value'])
  const isWhole = typeof value === 'bigint' || (isInteger && Number.isSafeInteger(value))
  return { ...shared({ record, time }), ...(isWhole ? { asInt: value } : { asDouble: value }) }
}

export function histogramDraft(point: Point): Draft<Read<typeof histogramPoint>> {
  const { record } = point
  return {
    ...shared(point),
    ...statistics(record),
    bucketCounts: integersIn(record['bucket_counts']),
    explicitBounds: integersIn(record['explicit_bounds']).map(Number),
  }
}

export function exponentialHistogramDraft(point: Point): Draft<Read<typeof exponentialHistogramPoint>> {
  const { record } = point
  return {
    ...shared(point),
    ...statistics(record),
    scale: doubleIn(record['scale']),
    zeroCount: numberIn(record['zero_count']),
    zeroThreshold: doubleIn(record['zero_threshold']),
    positive: bucketsIn(record['positive']),
    negative: bucketsIn(record['negative']),
  }
}

export function summaryDraft(point: Point): Draft<Read<typeof summaryPoint>> {
  const { count, sum, quantile_values: quantiles } = point.record
  return {
    ...shared(point),
    count: numberIn(count),
    sum: doubleIn(sum),
    quantileValues: listIn(quantiles)
      .filter(isRecord)
      .map(({ quantile, value }) => ({ quantile: doubleIn(quantile), value: doubleIn(value) })),
  }
}

type NumberPoint = Read<typeof numberPoint>
type HistogramPoint = Read<typeof histogramPoint>

function shared({
  record,
  time,
}: Point): Draft<Pick<NumberPoint, 'attributes' | 'flags' | 'startTimeUnixNano' | 'timeUnixNano'>> {
  return {
    attributes: attributeDrafts(record['attributes']),
    flags: record['flags'] === 1 ? 1 : undefined,
    startTimeUnixNano: nanosOfText(record['start_time']),
    timeUnixNano: unixNano(time),
  }
}

function statistics({
  count,
  sum,
  min,
  max,
}: EventRecord): Draft<Pick<HistogramPoint, 'count' | 'sum' | 'min' | 'max'>> {
  return { count: numberIn(count), sum: doubleIn(sum), min: doubleIn(min), max: doubleIn(max) }
}

function bucketsIn(value: Value | undefined): Draft<Read<typeof buckets>> | undefined {
  if (!isRecord(value)) return undefined
  return { offset: doubleIn(value['offset']), bucketCounts: integersIn(value['bucket_counts']) }
}

function listIn(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : []
}

function integersIn(value: Value | undefined): Integer[] {
  return listIn(value).flatMap((each) => numberIn(each) ?? [])
}

function numberIn(value: Value | undefined): Integer | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined
}

function doubleIn(value: Value | undefined): number | undefined {
  const number = numberIn(value)
  return number === undefined ? undefined : Number(number)
}
