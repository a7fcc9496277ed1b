import { datagramOutput, hostForm, largestDatagram } from 'sluice/net'
import { dated, defineOutput, flag, integer, size, text } from 'sluice/plugin'
import { encoderOf } from './encode.js'

export default defineOutput({
  summary: 'Sends each event in a UDP datagram, and never hears whether it arrived.',
  options: {
    host: text('Name or address of the receiver.', { default: '127.0.0.1', ...hostForm }),
    port: integer('Port of the receiver.', { default: 5170, minimum: 1, maximum: 65_535 }),
    format: text('Codec of the events, each of which is written by itself: `json_lines`, `msgpack` and so on.', {
      default: 'json_lines',
      refers: 'format',
    }),
    ...dated,
    raw_message_key: text('Field whose value alone is sent instead of the whole record.'),
    max_datagram_bytes: size('Largest datagram; an event that would need more is refused.', {
      default: `${largestDatagram}`,
      minimum: 64,
      maximum: largestDatagram,
    }),
    gelf_chunks: flag(
      'Cut what is larger than `max_datagram_bytes` into up to 128 datagrams that Graylog puts together again; for `format: gelf`.',
      { default: false },
    ),
  },
  create(options, context) {
    const { host, port } = options
    return datagramOutput({ target: { host, port }, clock: context.clock, encode: encoderOf(options, context) })
  },
})
