import type { EventRecord, Parsed } from '../plugin/index.js'
import type { Read } from '../protobuf/index.js'
import { attributesOf } from './common.js'
import { exponentialHistogramFields, histogramFields, numberFields, type Point, summaryFields } from './data-points.js'
import type { metric as metricMessage, metricsRequest } from './metrics-messages.js'
import { eventOf, type Fields, recordOf, resourceOf, scopeOf, timeOf, timeText } from './records.js'

type Metric = Read<typeof metricMessage>

/** A data point and what is said of its value. */
type Valued = readonly [point: Point, value: Fields]

/** One event a data point. */
export function* metricEvents(request: Read<typeof metricsRequest>): Generator<Parsed> {
  for (const ofResource of request.resourceMetrics) {
    const from = resourceOf(ofResource.resource)
    for (const ofScope of ofResource.scopeMetrics) {
      const origin = { resource: from, scope: scopeOf(ofScope.scope) }
      for (const metric of ofScope.metrics) yield* eventsOf(metric, origin)
    }
  }
}

function* eventsOf(metric: Metric, origin: EventRecord): Generator<Parsed> {
  for (const [point, value] of pointsOf(metric)) {
    yield eventOf(pointFields(metric, [point, value], origin), timeOf(point.timeUnixNano))
  }
}

function pointFields({ name, description, unit }: Metric, [point, value]: Valued, origin: EventRecord): EventRecord {
  return recordOf({
    name,
    description,
    unit,
    ...value,
    attributes: attributesOf(point.attributes),
    flags: point.flags || undefined,
    start_time: timeText(point.startTimeUnixNano),
    ...origin,
  })
}

/** Of a metric that is none of these there are no points. */
function* pointsOf({ gauge, sum, histogram, exponentialHistogram, summary }: Metric): Generator<Valued> {
  if (gauge) yield* valuesOf('gauge', gauge, numberFields)
  if (sum) yield* valuesOf('sum', sum, numberFields, { monotonic: sum.isMonotonic ?? false })
  if (histogram) yield* valuesOf('histogram', histogram, histogramFields)
  if (exponentialHistogram) yield* valuesOf('exponential_histogram', exponentialHistogram, exponentialHistogramFields)
  if (summary) yield* valuesOf('summary', summary, summaryFields)
}

interface Data<P> {
  readonly dataPoints: Iterable<P>
  readonly aggregationTemporality?: number | undefined
}

/** metrics.proto: AggregationTemporality; 0 is not specified. */
export const temporalities: readonly (string | undefined)[] = [undefined, 'delta', 'cumulative']

function* valuesOf<P extends Point>(
  type: string,
  { dataPoints, aggregationTemporality = 0 }: Data<P>,
  fieldsOf: (point: P) => Fields,
  more: Fields = {},
): Generator<Valued> {
  const shared = { type, temporality: temporalities[aggregationTemporality], ...more }
  for (const point of dataPoints) yield [point, { ...shared, ...fieldsOf(point) }]
}
