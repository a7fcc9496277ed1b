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
    username: later,
    password: later,
    upstream: 'groups of servers are not supported yet; write `host` and `port` of one server',
  },
  ignored: {
    'empty_shared_key=off': '',
    'empty_shared_key=false': '',
    self_hostname: 'servers that ask for a name are not supported yet',
    send_options: 'the options of a message are always sent',
    retain_metadata_in_forward_mode: 'events are sent as `[time, record]`, which every server understands',
    'net.io_timeout=0': '`ack_timeout` always bounds the wait',
    'net.io_timeout=0s': '`ack_timeout` always bounds the wait',
  },
  create: createForward,
})
