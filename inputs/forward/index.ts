import { defineInput } from 'sluice/plugin'
import { forwardInput } from './forward-input.js'
import { forwardOptions } from './options.js'

export default defineInput({
  summary: "Takes events of Fluentd, Fluent Bit, Docker and other agents over Fluentd's forward protocol.",
  options: forwardOptions,
  ignored: {
    buffer_chunk_size: 'a buffer grows as it is needed, up to `max_message_size`',
    workers: 'inputs do not block one another; of them, `http` alone has workers',
  },
  anyTag: true,
  full: 'wait',
  create: (options, context) => forwardInput(options, context),
})
