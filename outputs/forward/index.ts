import { defineOutput } from 'sluice/plugin'
import { createForward } from './create.js'
import { forwardOptions } from './options.js'

const later = 'servers that ask for a key are not supported yet; leave it out, and send to a server without <security>'

export default defineOutput({
  summary: "Sends events to Fluentd, Fluent Bit and others over Fluentd's forward protocol.",
  options: forwardOptions,
  unsupported: {
    shared_key: later,
    empty_shared_key: later,
    self_hostname: later,
    username: later,
    password: later,
    upstream: 'groups of servers are not supported yet; write `host` and `port` of one server',
    send_options: 'leave it out: the options of a message are always sent',
    retain_metadata_in_forward_mode:
      'leave it out: events are sent as `[time, record]`, which every server understands',
  },
  create: createForward,
})
