import { streamIgnored } from 'sluice/net'
import { defineOutput } from 'sluice/plugin'
import { createSyslog } from './create.js'
import { syslogOptions } from './options.js'

export default defineOutput({
  summary: 'Sends events to a syslog server, as RFC 5424 or RFC 3164 has them, over UDP, TCP, TLS or a unix socket.',
  options: syslogOptions,
  ignored: streamIgnored,
  create: createSyslog,
})
