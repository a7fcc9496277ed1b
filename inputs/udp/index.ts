import { framingOptions } from 'sluice/framing'
import { hostForm, ingestIgnored, ingestOptions } from 'sluice/net'
import { defineInput, integer, size, text } from 'sluice/plugin'
import { udpInput } from './udp-input.js'

export default defineInput({
  summary: 'Takes JSON, lines of text or binary frames in UDP datagrams.',
  options: {
    ...ingestOptions,
    ...framingOptions,
    listen: text('Address to listen on; `0.0.0.0` or `::` for all.', { default: '127.0.0.1', ...hostForm }),
    port: integer('Port to listen on; 0 for any free one.', { default: 5170, minimum: 0, maximum: 65_535 }),
    receive_buffer_size: size('Bytes of datagrams that the kernel keeps while the agent is busy.', { minimum: 1024 }),
  },
  ignored: ingestIgnored,
  full: 'drop_oldest',
  create: (options, context) => udpInput(options, context),
})
