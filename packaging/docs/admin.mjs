// The pages on what the agent tells of itself over HTTP, from the declarations of its options and metrics.
import { metricTable } from '../../dist/src/admin/metrics/metric-table.js'
import { adminOptions } from '../../dist/src/config/admin-options.js'
import { filled, table } from './page.mjs'
import { optionsTable } from './plugins.mjs'

export function adminPage() {
  return filled('docs/admin.md', 'admin-options', optionsTable(adminOptions))
}

const head = `# Metrics

Made from the source by \`npm run docs\`. These are the metrics of \`/metrics\`, which the [admin server](admin.md) serves in the text format
of Prometheus (0.0.4), or as OpenMetrics where \`Accept\` asks for it. Labels \`input\`, \`filter\` and \`output\` have the id of an instance:
its \`alias\`, or its plugin and a number. Counts of events and drops go on across restarts where there is a \`storage.path\`; all others
begin with the agent.`

export function metricsPage() {
  const row = ({ name, type, unit = '', help, labels }) => [
    `\`${type === 'counter' ? `${name}_total` : name}\``,
    type,
    unit,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]
  return `${head}\n\n${table(['metric', 'type', 'unit', 'labels', 'meaning'], metricTable.map(row))}\n`
}
