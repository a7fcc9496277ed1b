import { defineOutput } from 'sluice/plugin'
import { createForward } from './create.js'
import { forwardOptions } from './options.js'

export default defineOutput({
  summary: "Sends events to Fluentd, Fluent Bit and others over Fluentd's forward protocol.",
  options: forwardOptions,
  ignored: {
    send_options: 'the options of a message are always sent',
    'net.io_timeout=0': '`ack_timeout` always bounds the wait',
    'net.io_timeout=0s': '`ack_timeout` always bounds the wait',
  },
  create: createForward,
})
