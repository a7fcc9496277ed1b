import { defineStage } from 'sluice/http'
import { readTlsSettings } from 'sluice/net'
import { AgentError } from 'sluice/plugin'
import { proxyOptions } from './options.js'
import { ProxyStage } from './proxy-stage.js'
import { parseUpstream } from './upstream-address.js'

export default defineStage({
  summary: 'Passes requests on to other servers, WebSockets too.',
  options: proxyOptions,
  create(options, context) {
    const addresses = options.upstreams.map(parseUpstream)
    if (addresses.length === 0) throw new AgentError('PROXY_UPSTREAM', 'upstreams: expected one or more, got none')
    return new ProxyStage(
      {
        addresses,
        balance: options.balance,
        attempts: options.attempts,
        mostFailures: options.max_failures,
        offlineMs: options.offline_time,
        path: options.path,
        rewrite: options.rewrite,
        preserveHost: options.preserve_host,
        trustForwarded: options.trust_forwarded,
        connectMs: options.connect_timeout,
        answerMs: options.answer_timeout,
        bodyBytes: options.max_body_size,
        tls: () => readTlsSettings({ ...options, tls: true }),
      },
      context,
    )
  },
})
