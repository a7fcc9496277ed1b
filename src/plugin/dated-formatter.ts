import type { Formatter, OutputContext } from './context.js'
import type { dated } from './common-options.js'
import type { ValuesOf } from './options.js'

/** Codecs that know the options of a record's time; others have a place of their own for it. */
const datedCodecs: ReadonlySet<string> = new Set([
  'json',
  'json_lines',
  'json_stream',
  'ndjson',
  'csv',
  'ltsv',
  'logfmt',
])

export type DatedFormat = ValuesOf<typeof dated> & { readonly format: string }

/** The formatter that an output's options `format` and `dated` ask for. */
export function datedFormatter(options: DatedFormat, context: OutputContext): Formatter {
  const { format, json_date_key, json_date_format } = options
  return context.formatter(format, datedCodecs.has(format) ? { json_date_key, json_date_format } : {})
}
