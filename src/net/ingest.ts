import type { InputContext, Parser } from '../plugin/context.js'
import { parsed } from '../plugin/common-options.js'
import { choice, size, text, type ValuesOf } from '../plugin/options.js'
import { jsonRecords } from '../event/json-records.js'
import { readJson } from '../event/json-reader.js'

/** The options of inputs that take text from whoever sends it to a port. */
export const ingestOptions = {
  ...parsed,
  format: choice(
    'What is sent where there is no `parser`: JSON values one behind the other, or lines as they are.',
    ['json', 'none'],
    { default: 'json' },
  ),
  separator: text('What ends a line, instead of a newline; for `none` and for parsers that read lines.'),
  buffer_size: size('Longest frame; longer ones are dropped. A number without a unit counts KiB.', {
    default: '64KiB',
    minimum: 16,
    bare: 'KiB',
  }),
  source_address_key: text('Field that the address of the sender is put in.'),
} as const

/** What such an input is told by them. */
export type IngestSettings = ValuesOf<typeof ingestOptions> & { readonly tag: string }

/** Options of Fluent Bit that such inputs do not need. */
export const ingestIgnored = {
  chunk_size: 'a buffer grows as it is needed, up to `buffer_size`',
  workers: 'inputs do not block one another; of them, `http` alone has workers',
} as const

/** The parser for one sender: that which is named, else that of the format. */
export function ingestParser(
  { parser, format }: Pick<IngestSettings, 'parser' | 'format'>,
  context: InputContext,
): Parser {
  if (parser !== undefined) return context.parser(parser)
  return format === 'json' ? jsonValues : plainLines
}

/** An object is a record, a list the field `msg` of one; other values are none. */
const jsonValues: Parser = {
  framing: 'json',
  parse(frame) {
    const value = readJson(frame)
    return Array.isArray(value) ? [{ record: { msg: value } }] : jsonRecords(value)
  },
}

const plainLines: Parser = {
  framing: 'lines',
  parse: (line) => (line.length === 0 ? [] : [{ record: { log: Buffer.from(line).toString() } }]),
}
