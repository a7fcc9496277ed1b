import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import type { httpOptions } from './options.js'

export type HttpOptions = ValuesOf<typeof httpOptions & typeof outputOptions>

const codecOf = { json: 'json', json_lines: 'ndjson', json_stream: 'ndjson', msgpack: 'msgpack' } as const

/** Events in a format of the user's choice, for any server. */
export function createHttp(options: HttpOptions, context: OutputContext): Output {
  const { format, json_date_key, json_date_format, compress, header_tag, uri } = options
  const dated = format === 'msgpack' ? {} : { json_date_key, json_date_format }
  return createHttpOutput(
    {
      options,
      uri,
      method: options.http_method,
      formatter: context.formatter(codecOf[format], dated),
      compress,
      ...(header_tag === undefined ? {} : { templates: { [header_tag]: '$TAG' } }),
    },
    context,
  )
}
