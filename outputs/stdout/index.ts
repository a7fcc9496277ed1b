import { choice, defineOutput, text } from 'sluice/plugin'
import { StdoutOutput } from './stdout-output.js'

const codecOf = { json: 'json', json_lines: 'ndjson', msgpack: 'msgpack' } as const

export default defineOutput({
  summary: 'Shows events on the standard output, for people or for the next program of a pipe.',
  options: {
    format: choice(
      '`readable` is one line an event for people; `json` an array, `json_lines` one object a line; `msgpack` is binary.',
      ['readable', 'json', 'json_lines', 'msgpack'],
      { default: 'readable' },
    ),
    json_date_key: text('Field of the JSON object that holds the time; `false` leaves it out.', { default: 'date' }),
    json_date_format: choice(
      'How the time is written in JSON.',
      ['double', 'iso8601', 'java_sql_timestamp', 'epoch', 'epoch_ms'],
      { default: 'double' },
    ),
  },
  create({ format, json_date_key, json_date_format }, context) {
    const codec = format === 'readable' ? undefined : codecOf[format]
    const dates = codec === 'msgpack' ? {} : { json_date_key, json_date_format }
    return new StdoutOutput(process.stdout, codec && context.formatter(codec, dates), process.env)
  },
})
