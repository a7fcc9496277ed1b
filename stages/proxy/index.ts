import { defineStage } from 'sluice/http'
import { readTlsSettings } from 'sluice/net'
import { AgentError } from 'sluice/plugin'
import { balanceOf, proxyOptions } from './options.js'
import { ProxyStage } from './proxy-stage.js'
import { Upstream } from './upstream.js'
import { parseUpstream } from './upstream-address.js'

export default defineStage({
  summary: 'Passes requests on to other servers, WebSockets too.',
  options: proxyOptions,
  shared: true,
  create(options, context) {
    const addresses = options.upstreams.map(parseUpstream)
    if (addresses.length === 0) throw new AgentError('PROXY_UPSTREAM', 'upstreams: expected one or more, got none')
    return new ProxyStage(
      {
        servers: addresses.map((address) => new Upstream(address, () => readTlsSettings({ ...options, tls: true }))),
        balance: balanceOf(options),
        attempts: options.attempts,
        maxFailures: options.max_failures,
        probeMs: options.offline_time,
        probe: (upstream, signal) => upstream.probe(options.connect_timeout, signal),
        path: options.path,
        rewrite: options.rewrite,
        preserveHost: options.preserve_host,
        trustForwarded: options.trust_forwarded,
        connectMs: options.connect_timeout,
        answerMs: options.answer_timeout,
        bodyBytes: options.max_body_size,
      },
      context,
    )
  },
})
