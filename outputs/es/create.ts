import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import { judgeBulk } from './judge.js'
import type { esOptions } from './options.js'

export type EsOptions = ValuesOf<typeof esOptions & typeof outputOptions>

/** Some hundred bytes for each of the documents of a batch that are refused. */
const answerBytes = 4 * 1024 * 1024

export function createEs(options: EsOptions, context: OutputContext): Output {
  const { http_api_key: key, compress } = options
  return createHttpOutput(
    {
      options,
      uri: uriOf(options),
      formatter: context.formatter('elasticsearch_bulk', bulkOptionsOf(options)),
      headers: key === undefined ? {} : { authorization: `ApiKey ${key}` },
      compress,
      judge: judgeBulk,
      answerBytes,
    },
    context,
  )
}

/** Asks to be told no more than what is looked at (Elasticsearch, "Common options", "Response filtering"). */
function uriOf({ path, pipeline }: EsOptions): string {
  const query = new URLSearchParams({
    filter_path: 'errors,items.*.status,items.*.error.type,items.*.error.reason',
    ...(pipeline === undefined ? {} : { pipeline }),
  })
  return `${path.replace(/\/$/, '')}/_bulk?${query.toString()}`
}

function bulkOptionsOf(options: EsOptions): { readonly [name: string]: unknown } {
  const { logstash_format, logstash_prefix, logstash_prefix_separator, logstash_dateformat, id_key } = options
  const index = logstash_format ? `${logstash_prefix}${logstash_prefix_separator}${logstash_dateformat}` : options.index
  return {
    index,
    op_type: options.write_operation,
    generate_id: options.generate_id,
    ...(id_key === undefined ? {} : { id_key }),
    ...(options.include_tag_key ? { tag_key: options.tag_key } : {}),
  }
}
