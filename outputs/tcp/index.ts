import { hostForm, streamIgnored, streamOptions, streamOutput } from 'sluice/net'
import { dated, defineOutput, integer, text } from 'sluice/plugin'
import { encoderOf } from './encode.js'

export default defineOutput({
  summary: 'Writes events to a TCP port, as JSON, msgpack or any other format, and waits for no answer.',
  options: {
    host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
    port: integer('Port of the server.', { default: 5170, minimum: 1, maximum: 65_535 }),
    format: text(
      'Codec of the events: `json_lines` is one object a line, `json` an array, `msgpack` is `[time, record]`.',
      { default: 'msgpack', refers: 'format' },
    ),
    ...dated,
    raw_message_key: text('Field whose value alone is sent, as a line of text, instead of the whole record.'),
    separator: text(
      'What stands behind each event instead of what the format has there, such as the null byte of GELF, `"\\0"` in YAML.',
      { filled: true },
    ),
    ...streamOptions,
  },
  ignored: streamIgnored,
  create(options, context) {
    const targetOf = ({ host, port }: { readonly host: string; readonly port: number }) => ({ host, port })
    return streamOutput({ options, targetOf, encode: encoderOf(options, context) }, context)
  },
})
