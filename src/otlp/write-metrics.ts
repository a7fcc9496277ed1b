import {
  compileTemplate,
  type Event,
  type EventRecord,
  isRecord,
  type Template,
  toJson,
  type Value,
} from '../plugin/index.js'
import type { Draft, Read } from '../protobuf/index.js'
import { filled, found, type Gatherer, Origins, textIn } from './drafts.js'
import { temporalities } from './metrics.js'
import type { metric as metricMessage, metricsRequest } from './metrics-messages.js'
import { exponentialHistogramDraft, histogramDraft, numberDraft, type Point, summaryDraft } from './write-points.js'

export interface MetricSettings {
  /** Template of the names of metrics but for their ends, which are the fields. */
  readonly metric: string
  /** Name → template: attributes of points, and of the resource of records that have none. */
  readonly labels: { readonly [name: string]: string }
  readonly resource: { readonly [name: string]: string }
  /** Fields to take; undefined for all. */
  readonly fields: readonly string[] | undefined
}

/** Points of one metric. */
interface Metric {
  readonly about: EventRecord
  readonly points: Point[]
}

type Templates = readonly (readonly [string, Template])[]

/** Gathers metrics for one request. */
export function metricGatherer(settings: MetricSettings): () => Gatherer<Read<typeof metricsRequest>> {
  const recordsOf = pointRecords(settings)
  const resource = templatesOf(settings.resource)
  return () => {
    const origins = new Origins<Metric>()
    const metrics = new Map<string, Metric>()
    return {
      add(event) {
        const records = recordsOf(event)
        for (const record of records) {
          const from = isRecord(record['resource']) ? record['resource'] : filled(resource, event)
          const { name, description, unit, type, temporality, monotonic, scope } = record
          const about = { name, description, unit, type, temporality, monotonic } as EventRecord
          const metric = found(
            metrics,
            toJson([from, scope ?? null, ...Object.values(about).map((each) => each ?? null)]),
            () => {
              const created = { about, points: [] }
              origins.itemsOf(from, scope).push(created)
              return created
            },
          )
          metric.points.push({ record, time: event.time })
        }
        return records.length === 0 ? 'no number' : undefined
      },
      request: () => ({
        resourceMetrics: origins.drafts((of, scopes) => ({
          resource: of,
          scopeMetrics: scopes.map(({ scope, items }) => ({ scope, metrics: items.map(metricDraft) })),
        })),
      }),
    }
  }
}

/** The record that a point became when it was read is one; any other has a gauge for every number. */
function pointRecords({ metric, labels, fields }: MetricSettings): (event: Event) => readonly EventRecord[] {
  const nameOf = compileTemplate(metric)
  const attributes = templatesOf(labels)
  return (event) => {
    const { record } = event
    if (textIn(record['name']) !== undefined && Object.hasOwn(dataOf, String(record['type']))) return [record]
    const prefix = nameOf(event)
    const shared = { type: 'gauge', attributes: filled(attributes, event) }
    return Object.entries(record)
      .filter(([field, value]) => fields?.includes(field) !== false && isNumber(value))
      .map(([field, value]) => ({
        ...shared,
        name: `${prefix}.${field}`,
        value: typeof value === 'boolean' ? Number(value) : value,
      }))
  }
}

function templatesOf(texts: { readonly [name: string]: string }): Templates {
  return Object.entries(texts).map(([name, text]) => [name, compileTemplate(text)])
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
}

type MetricDraft = Draft<Read<typeof metricMessage>>

function metricDraft({ about, points }: Metric): MetricDraft {
  const { name, description, unit, type, temporality, monotonic } = about
  const data = dataOf[String(type)]?.(points, {
    aggregationTemporality: Math.max(0, temporalities.indexOf(textIn(temporality))),
    isMonotonic: monotonic === true,
  })
  return { name: textIn(name), description: textIn(description), unit: textIn(unit), ...data }
}

interface About {
  readonly aggregationTemporality: number
  readonly isMonotonic: boolean
}

/** By the types of records. */
const dataOf: { readonly [type: string]: (points: readonly Point[], about: About) => MetricDraft } = {
  gauge: (points) => ({ gauge: { dataPoints: points.map((point) => numberDraft(point, false)) } }),
  sum: (points, about) => ({ sum: { dataPoints: points.map((point) => numberDraft(point, true)), ...about } }),
  histogram: (points, { aggregationTemporality }) => ({
    histogram: { dataPoints: points.map(histogramDraft), aggregationTemporality },
  }),
  exponential_histogram: (points, { aggregationTemporality }) => ({
    exponentialHistogram: { dataPoints: points.map(exponentialHistogramDraft), aggregationTemporality },
  }),
  summary: (points) => ({ summary: { dataPoints: points.map(summaryDraft) } }),
}
