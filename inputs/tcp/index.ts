import { choice, defineInput, duration, integer, parsed, size, text } from 'sluice/plugin'
import { tcpInput } from './tcp-input.js'

export default defineInput({
  summary: 'Takes JSON or lines of text over TCP connections.',
  options: {
    ...parsed,
    listen: text('Address to listen on; 0.0.0.0 for all.', { default: '127.0.0.1' }),
    port: integer('Port to listen on; 0 for any free one.', { default: 5170, minimum: 0, maximum: 65_535 }),
    format: choice(
      'What connections carry where there is no `parser`: JSON objects, or lines as they are.',
      ['json', 'none'],
      {
        default: 'json',
      },
    ),
    separator: text('What ends a line; by default a newline.'),
    buffer_size: size('Longest frame; longer ones are dropped.', { default: '64KiB', minimum: 16 }),
    source_address_key: text('Field that the address of the sender is put in.'),
    max_connections: integer('Connections at once; further ones are closed as they come.', {
      default: 128,
      minimum: 1,
    }),
    idle_timeout: duration('A connection that is silent for longer is closed.', { default: '10m', minimum: 100 }),
  },
  unsupported: { chunk_size: 'write buffer_size' },
  full: 'wait',
  create: (options, context) => tcpInput(options, context),
})
