import { type HttpServerOptions, readServerOptions } from 'sluice/http'
import type { Output, OutputContext } from 'sluice/plugin'
import { Exporter } from './exporter.js'
import { Gauges } from './gauges.js'
import { type ReadingsSettings, readingsOf } from './readings.js'

interface ExporterOptions extends HttpServerOptions, ReadingsSettings {
  readonly ttl: number
  readonly max_series: number
  readonly metrics_path: string
}

export function createExporter(options: ExporterOptions, context: OutputContext): Output {
  const server = readServerOptions(options)
  const gauges = new Gauges({ ttlMs: options.ttl, maxSeries: options.max_series }, context.clock)
  const destination = options.listen.join(', ')
  const settings = { server, path: options.metrics_path, destination, readingsOf: readingsOf(options) }
  return new Exporter(settings, gauges, context)
}
