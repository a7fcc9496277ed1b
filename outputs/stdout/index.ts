import { choice, dated, defineOutput } from 'sluice/plugin'
import { StdoutOutput } from './stdout-output.js'

const codecOf = { json: 'json', json_lines: 'ndjson', json_stream: 'ndjson', msgpack: 'msgpack' } as const

export default defineOutput({
  summary: 'Shows events on the standard output, for people or for the next program of a pipe.',
  options: {
    format: choice(
      '`readable` is one line an event for people; `json` an array, `json_lines` (or `json_stream`) one object a line; `msgpack` is binary.',
      ['readable', 'json', 'json_lines', 'json_stream', 'msgpack'],
      { default: 'readable' },
    ),
    ...dated,
  },
  create({ format, json_date_key, json_date_format }, context) {
    const codec = format === 'readable' ? undefined : codecOf[format]
    const dates = codec === 'msgpack' ? {} : { json_date_key, json_date_format }
    return new StdoutOutput(process.stdout, codec && context.formatter(codec, dates), process.env)
  },
})
