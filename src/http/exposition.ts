/** One value of a metric, and what it is of. */
export interface Sample {
  readonly labels: { readonly [name: string]: string }
  readonly value: number
}

/** A metric with its values, as both formats show it. */
export interface Family {
  /** Without `_total`, which a counter gets; it ends with its unit, if it has one. */
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly unit?: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/** A format in which Prometheus reads metrics. */
export interface Exposition {
  readonly contentType: string
  readonly text: (families: readonly Family[]) => string
}

/** What Prometheus has always read: https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4. */
export const prometheusText: Exposition = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  text: (families) => families.map(prometheusFamily).join(''),
}

/** OpenMetrics 1.0.0, which tells units too. */
export const openMetricsText: Exposition = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: (families) => `${families.map(openMetricsFamily).join('')}# EOF\n`,
}

/** OpenMetrics for whoever names it in `Accept`, as Prometheus does; else the older format. */
export function expositionFor(accept = ''): Exposition {
  return /application\/openmetrics-text/i.test(accept) ? openMetricsText : prometheusText
}

/** Here a counter's own name has the `_total`. A line on the unit is a comment. */
function prometheusFamily(family: Family): string {
  const { type, unit, help, samples } = family
  const name = sampleName(family)
  const head = `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`
  const unitLine = unit === undefined ? '' : `# UNIT ${name} ${unit}\n`
  return head + unitLine + lines(name, samples)
}

/** OpenMetrics 1.0.0, sections "Metadata" and "Counter": the family has no `_total`, its samples have it. */
function openMetricsFamily(family: Family): string {
  const { name, type, unit, help, samples } = family
  const unitLine = unit === undefined ? '' : `# UNIT ${name} ${unit}\n`
  const helpLine = `# HELP ${name} ${escapedHelp(help).replaceAll('"', String.raw`\"`)}\n`
  return `# TYPE ${name} ${type}\n${unitLine}${helpLine}${lines(sampleName(family), samples)}`
}

function sampleName({ name, type }: Family): string {
  return type === 'counter' ? `${name}_total` : name
}

function lines(name: string, samples: readonly Sample[]): string {
  return samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}\n`).join('')
}

export function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** As Go reads it: infinities and no number have names of their own. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', String.raw`\"`)
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`)
}
