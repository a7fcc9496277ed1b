import type { EncodedEvents, OutputContext, ValuesOf } from 'sluice/plugin'
import { taggedLines, templateLines } from './event-lines.js'
import type { fileOptions } from './options.js'

type FormatOptions = Pick<
  ValuesOf<typeof fileOptions>,
  'format' | 'template' | 'json_date_key' | 'json_date_format' | 'columns' | 'delimiter'
>

const delimiters: { readonly [word: string]: string } = { comma: ',', tab: String.raw`\t`, space: ' ' }

/** What turns the events of one file into its bytes. */
export function formatOf(
  options: FormatOptions,
  context: OutputContext,
): (chunks: readonly EncodedEvents[]) => Uint8Array {
  const { format, json_date_key, json_date_format, columns, delimiter } = options
  const dates = { json_date_key, json_date_format }
  const formatter = (name: string, given: { readonly [option: string]: unknown }) => {
    const made = context.formatter(name, given)
    return (chunks: readonly EncodedEvents[]): Uint8Array => made.format(chunks)
  }
  switch (format) {
    case 'out_file':
      return taggedLines(formatter('ndjson', { json_date_key: 'false' }))
    case 'plain':
      return formatter('ndjson', { json_date_key: 'false' })
    case 'json_lines':
      return formatter('ndjson', dates)
    case 'ltsv':
    case 'logfmt':
      return formatter(format, dates)
    case 'csv':
      return formatter(format, {
        ...dates,
        delimiter: delimiters[delimiter] ?? delimiter,
        ...(columns ? { columns } : {}),
      })
    case 'template':
      return templateLines(options.template)
    case 'msgpack':
      return formatter(format, {})
  }
}
