import { createHttpOutput } from 'sluice/http-client'
import { AgentError, type Output, type OutputContext, type outputOptions, type ValuesOf } from 'sluice/plugin'
import type { lokiOptions } from './options.js'

export type LokiOptions = ValuesOf<typeof lokiOptions & typeof outputOptions>

/** An output that pushes lines. Loki knows a line again that it has, so that one that was sent twice is there once. */
export function createLoki(options: LokiOptions, context: OutputContext): Output {
  const { uri, tenant_id, encoding, compress, labels, label_keys, structured_metadata, remove_keys } = options
  const { line_format, drop_single_key } = options
  if (compress !== undefined && encoding === 'protobuf') {
    const text = 'compress: protocol buffers are compressed with Snappy; leave it out, or write encoding: json'
    throw new AgentError('LOKI_COMPRESS', text)
  }
  const written = { labels, label_keys, structured_metadata, remove_keys, line_format, drop_single_key }
  return createHttpOutput(
    {
      options,
      uri,
      formatter: context.formatter('loki', { encoding, ...written }),
      templates: tenant_id === undefined ? {} : { 'X-Scope-OrgID': tenant_id },
      compress,
    },
    context,
  )
}
