import type { Routes } from '../http/router.js'
import { expositionFor } from '../http/exposition.js'
import type { MetricsView } from './metrics/metric.js'
import { familiesOf } from './metrics/metric-table.js'

/** `/metrics`, in the format that the client asks for. */
export function metricsRoute(view: () => Omit<MetricsView, 'process'>): Routes {
  return {
    'GET /metrics': (exchange) => {
      const { contentType, text } = expositionFor(exchange.header('accept'))
      const body = text(familiesOf({ ...view(), process: processFigures() }))
      exchange.reply(200, body, { 'content-type': contentType, vary: 'accept' })
    },
  }
}

function processFigures(): MetricsView['process'] {
  const { user, system } = process.cpuUsage() // microseconds
  return { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 }
}
