import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import type { httpOptions } from './options.js'

export type HttpOptions = ValuesOf<typeof httpOptions & typeof outputOptions>

const codecOf = { json: 'json', json_lines: 'ndjson', json_stream: 'ndjson', msgpack: 'msgpack', gelf: 'gelf' } as const

/** Events in a format of the user's choice, for any server. */
export function createHttp(options: HttpOptions, context: OutputContext): Output {
  const { format, compress, header_tag, uri } = options
  return createHttpOutput(
    {
      options,
      uri,
      method: options.http_method,
      formatter: context.formatter(codecOf[format], codecOptions(options)),
      compress,
      ...(header_tag === undefined ? {} : { templates: { [header_tag]: '$TAG' } }),
    },
    context,
  )
}

function codecOptions({ format, ...options }: HttpOptions): { readonly [option: string]: unknown } {
  if (format === 'msgpack') return {}
  const { json_date_key, json_date_format, gelf_host_key: host_key, gelf_short_message_key: message } = options
  if (format !== 'gelf') return { json_date_key, json_date_format }
  return { host_key, ...(message === undefined ? {} : { short_message_key: [message] }) }
}
