import { choice, defineInput, integer, parsed, size, text } from 'sluice/plugin'
import { udpInput } from './udp-input.js'

export default defineInput({
  summary: 'Takes JSON or lines of text in UDP datagrams.',
  options: {
    ...parsed,
    listen: text('Address to listen on; 0.0.0.0 for all.', { default: '127.0.0.1' }),
    port: integer('Port to listen on; 0 for any free one.', { default: 5170, minimum: 0, maximum: 65_535 }),
    format: choice(
      'What datagrams carry where there is no `parser`: JSON objects, or lines as they are.',
      ['json', 'none'],
      {
        default: 'json',
      },
    ),
    separator: text('What ends a line; by default a newline. The end of a datagram always does.'),
    source_address_key: text('Field that the address of the sender is put in.'),
    receive_buffer_size: size('Bytes of datagrams that the kernel keeps while the agent is busy.'),
  },
  unsupported: {
    chunk_size: 'leave it out; a datagram has at most 64 KiB',
    buffer_size: 'leave it out; a datagram has at most 64 KiB',
  },
  full: 'drop_oldest',
  create: (options, context) => udpInput(options, context),
})
