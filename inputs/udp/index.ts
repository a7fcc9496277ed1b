import { ingestIgnored, ingestOptions } from 'sluice/net'
import { defineInput, size } from 'sluice/plugin'
import { udpInput } from './udp-input.js'

export default defineInput({
  summary: 'Takes JSON or lines of text in UDP datagrams.',
  options: {
    ...ingestOptions,
    receive_buffer_size: size('Bytes of datagrams that the kernel keeps while the agent is busy.', { minimum: 1024 }),
  },
  ignored: ingestIgnored,
  full: 'drop_oldest',
  create: (options, context) => udpInput(options, context),
})
