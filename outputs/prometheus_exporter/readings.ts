import { AgentError, compileTemplate, type Event, type Template, type Value } from 'sluice/plugin'
import type { Reading } from './gauges.js'

export interface ReadingsSettings {
  /** Template of the names of metrics. */
  readonly metric: string
  /** Name of each label → template of its value. */
  readonly labels: { readonly [name: string]: string }
  /** Fields to take; undefined for all. */
  readonly fields: readonly string[] | undefined
}

/** What Prometheus reads in an event. Throws an AgentError for a label that cannot be one. */
export function readingsOf({ metric, labels, fields }: ReadingsSettings): (event: Event) => readonly Reading[] {
  const nameOf = compileTemplate(metric)
  const labelsOf = Object.entries(labels).map(([name, text]) => [checkedLabel(name), compileTemplate(text)] as const)
  const isWanted = (field: string): boolean => fields === undefined || fields.includes(field)
  return (event) => {
    const numbers = Object.entries(event.record).flatMap(([field, value]) => {
      const number = isWanted(field) ? numberOf(value) : undefined
      return number === undefined ? [] : [{ field, value: number }]
    })
    if (numbers.length === 0) return []
    const shared = Object.fromEntries(filled(labelsOf, event))
    const name = nameOf(event)
    return numbers.map(({ field, value }) => ({ metric: metricName(`${name}_${field}`), field, labels: shared, value }))
  }
}

/** A label without a value is none to Prometheus. */
function* filled(labels: readonly (readonly [string, Template])[], event: Event): Generator<[string, string]> {
  for (const [name, template] of labels) {
    const value = template(event)
    if (value !== '') yield [name, value]
  }
}

function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : undefined
}

/** `[a-zA-Z_:][a-zA-Z0-9_:]*` (Prometheus, data model); anything else becomes an underscore. */
export function metricName(text: string): string {
  const name = text.replaceAll(/[^\w:]/g, '_')
  return /^\d/.test(name) ? `_${name}` : name
}

/** `[a-zA-Z_][a-zA-Z0-9_]*`, without two underscores in front, which are for Prometheus itself. */
function checkedLabel(name: string): string {
  if (/^(?!__)[A-Za-z_]\w*$/.test(name)) return name
  throw new AgentError(
    'PROMETHEUS_EXPORTER_LABEL',
    `labels: expected names of letters, digits and underscores, none of them beginning with __, got "${name}"`,
  )
}
