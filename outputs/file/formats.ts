import type { EncodedEvents, OutputContext, ValuesOf } from 'sluice/plugin'
import { taggedLines, templateLines } from './event-lines.js'
import type { fileOptions } from './options.js'

type FormatOptions = Pick<
  ValuesOf<typeof fileOptions>,
  'format' | 'template' | 'json_date_key' | 'json_date_format' | 'columns' | 'delimiter'
>

const delimiters: { readonly [word: string]: string } = { comma: ',', tab: String.raw`\t`, space: ' ' }

/** Turns events of one file into bytes: the first of them, or more. */
export type FileFormat = (chunks: readonly EncodedEvents[], isFirst: boolean) => Uint8Array

export function formatOf(options: FormatOptions, context: OutputContext): FileFormat {
  const { format, json_date_key, json_date_format, columns, delimiter } = options
  const dates = { json_date_key, json_date_format }
  const formatter = (name: string, given: { readonly [option: string]: unknown }) => {
    const made = context.formatter(name, given)
    return (chunks: readonly EncodedEvents[], isFirst = true): Uint8Array =>
      !isFirst && made.more ? made.more(chunks) : made.format(chunks)
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
    case 'candump':
    case 'asc':
    case 'trc':
      return formatter(format, {})
  }
}
