import { framingOptions } from 'sluice/framing'
import { datagramServerOptions, ingestIgnored, ingestOptions } from 'sluice/net'
import { defineInput } from 'sluice/plugin'
import { udpInput } from './udp-input.js'

export default defineInput({
  summary: 'Takes JSON, lines of text or binary frames in UDP datagrams.',
  options: {
    ...ingestOptions,
    ...framingOptions,
    ...datagramServerOptions(5170),
  },
  ignored: ingestIgnored,
  full: 'drop_oldest',
  create: (options, context) => udpInput(options, context),
})
