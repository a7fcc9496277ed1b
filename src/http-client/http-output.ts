import { probeByConnecting } from '../net/probe.js'
import type { ServerOf } from '../net/server.js'
import { serversOf } from '../net/servers-of.js'
import { readTlsSettings } from '../net/tls-options.js'
import { Upstream } from '../net/upstream.js'
import { groupSettings } from '../net/upstream-options.js'
import type { OutputContext } from '../plugin/context.js'
import type { Batch, Output } from '../plugin/define.js'
import { targetOf, whereOf } from './address.js'
import { AuthorizedPosts } from './authorized-posts.js'
import type { ClientOptions } from './client-options.js'
import { compressorOf } from './compress.js'
import { Deliverer, type Encoded } from './deliver.js'
import { encodeSpan, withoutHead } from './encode-span.js'
import { compileHead } from './head-template.js'
import { Poster } from './poster.js'
import { proxyOf } from './proxy.js'
import { type RequestSpan, requestSpans } from './request-spans.js'
import { queryOf, secretsOf } from './secrets.js'
import { headTextsOf, type HttpOutputSettings } from './settings.js'
import { judge, type Verdict } from './verdict.js'

/** One server as this output posts to it. */
interface Peer extends ServerOf<ClientOptions> {
  readonly poster: Poster
}

/** Enough for any error text. */
const shortAnswerBytes = 2048

/** An output that posts each batch, in as many requests as its heads and the servers make it. */
export function createHttpOutput(settings: HttpOutputSettings, context: OutputContext): Output {
  return new HttpOutput(settings, context)
}

class HttpOutput implements Output {
  readonly destination: string
  readonly #settings: HttpOutputSettings
  readonly #context: OutputContext
  readonly #upstream: Upstream<Peer>
  readonly #deliverer: Deliverer<RequestSpan>
  readonly #posts: AuthorizedPosts

  constructor(settings: HttpOutputSettings, context: OutputContext) {
    const { options, uri, formatter } = settings
    const compress = settings.compress && compressorOf(settings.compress)
    const texts = headTextsOf(settings)
    const template = compileHead(texts)
    this.#settings = settings
    this.#context = context
    const secrets = [...secretsOf({ ...texts.headers, ...texts.templates }, options), ...queryOf(uri)]
    this.#posts = new AuthorizedPosts(options, secrets, context.clock)
    this.#upstream = new Upstream(
      { ...groupSettings(options), servers: peersOf(settings), probe: probeByConnecting },
      context,
    )
    this.destination = this.#upstream.where
    this.#deliverer = new Deliverer({
      where: this.destination,
      split: (pending) => requestSpans(pending, template),
      encode: async (span) => (span.head ? encodeSpan(span, formatter, compress) : withoutHead(span, uri)),
    })
  }

  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    return this.#upstream.run(signal, (peer) =>
      this.#deliverer.deliver(batch, signal, (encoded, key, span) => this.#send(peer, encoded, { key, span, signal })),
    )
  }

  async close(): Promise<void> {
    this.#upstream.close()
    for (const { poster } of this.#upstream.servers) await poster.close()
    await this.#posts.close()
  }

  async #send({ poster, where }: Peer, encoded: Encoded, request: Request): Promise<Verdict> {
    const { head, count } = request.span
    if (!head) return undefined
    const headers = { ...head.headers, 'idempotency-key': `"${request.key}"` }
    const answer = await this.#posts.post(poster, { ...head, headers }, encoded.body, request.signal)
    const judged = this.#settings.judge ?? judge
    return judged(answer, {
      where,
      nowMs: this.#context.clock.wall(),
      count: count - encoded.refused.size,
    })
  }
}

interface Request {
  readonly key: string
  readonly span: RequestSpan
  readonly signal: AbortSignal
}

function peersOf(settings: HttpOutputSettings): Peer[] {
  return serversOf(settings.options, targetOf).map((server) => {
    const where = whereOf(server.target, server.options.tls, settings.uri)
    return { ...server, where, poster: posterTo(server, where, settings) }
  })
}

function posterTo({ target, options }: ServerOf<ClientOptions>, where: string, settings: HttpOutputSettings): Poster {
  return new Poster({
    target,
    where,
    answerBytes: settings.answerBytes ?? shortAnswerBytes,
    connections: options.max_in_flight,
    keepalive: options['net.keepalive'],
    idleTimeoutMs: options['net.keepalive_idle_timeout'],
    connectTimeoutMs: options['net.connect_timeout'],
    responseTimeoutMs: options['http.response_timeout'],
    tls: options.tls,
    http2: options.http2,
    proxy: 'path' in target ? undefined : proxyOf(options.proxy),
    readTls: () => readTlsSettings(options),
  })
}
