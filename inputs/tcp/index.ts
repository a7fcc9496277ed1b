import { ingestIgnored, ingestOptions } from 'sluice/net'
import { defineInput, duration, integer } from 'sluice/plugin'
import { tcpInput } from './tcp-input.js'

export default defineInput({
  summary: 'Takes JSON or lines of text over TCP connections.',
  options: {
    ...ingestOptions,
    max_connections: integer('Connections at once; further ones are closed as they come.', {
      default: 128,
      minimum: 1,
      maximum: 65_535,
    }),
    idle_timeout: duration('A connection that sends nothing for longer is closed; 0 keeps all open.', {
      default: '0s',
    }),
  },
  ignored: ingestIgnored,
  full: 'wait',
  create: (options, context) => tcpInput(options, context),
})
