import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import { judgeExport } from './judge.js'
import type { opentelemetryOptions } from './options.js'

export type OpentelemetryOptions = ValuesOf<typeof opentelemetryOptions & typeof outputOptions>

const codecNames = ['body_key', 'severity_key', 'fields'] as const

export function createOpentelemetry(options: OpentelemetryOptions, context: OutputContext): Output {
  const { signal, encoding, resource_attributes, metric, labels, compress } = options
  const given = codecNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]))
  const written = { signal, encoding, resource_attributes, metric, labels, ...Object.fromEntries(given) }
  return createHttpOutput(
    {
      options,
      uri: signal === 'logs' ? options.logs_uri : options.metrics_uri,
      formatter: context.formatter('otlp', written),
      compress,
      judge: (answer, about) => judgeExport(answer, about, { encoding, signal, context }),
    },
    context,
  )
}
