import { framingOptions } from 'sluice/framing'
import { ingestIgnored, ingestOptions, streamServerOptions } from 'sluice/net'
import { defineInput, duration } from 'sluice/plugin'
import { tcpInput } from './tcp-input.js'

export default defineInput({
  summary: 'Takes JSON, lines of text or binary frames over TCP, TLS and unix sockets.',
  options: {
    ...ingestOptions,
    ...framingOptions,
    ...streamServerOptions(5170),
    idle_timeout: duration(
      'A connection that sends nothing for longer is closed; 0 keeps all open whose peer is there.',
      {
        default: '0s',
      },
    ),
  },
  ignored: ingestIgnored,
  full: 'wait',
  create: (options, context) => tcpInput(options, context),
})
