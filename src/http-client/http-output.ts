import type { EncodedEvents } from '../event/event.js'
import { readTlsSettings } from '../net/tls-options.js'
import type { Formatter, OutputContext } from '../plugin/context.js'
import type { Output } from '../plugin/define.js'
import { originOf, pathOf, whereOf } from './address.js'
import type { ClientOptions } from './client-options.js'
import { type Compression, compressors } from './compress.js'
import { Deliverer, type Delivery, type Encoded } from './deliver.js'
import { compileHead, type HeadTexts } from './head-template.js'
import { authorizationOf, checkedHeaders } from './headers.js'
import { Poster, type RequestHead } from './poster.js'
import { type RequestSpan, requestSpans } from './request-spans.js'
import type { Span } from './span.js'
import { queryOf, secretsOf, withoutSecrets } from './secrets.js'
import { type Answer, type Judge, judge } from './verdict.js'

/** What one output over HTTP is made of. */
export interface HttpOutputSettings {
  readonly options: ClientOptions
  /** Path with its query; accessors in it are filled in from tag and record. */
  readonly uri: string
  readonly formatter: Formatter
  readonly method?: RequestHead['method']
  /** Headers that the server asks for. Names in lower case. */
  readonly headers?: { readonly [name: string]: string }
  /** Headers besides those of the option `header`, with accessors among their values as these may have. */
  readonly templates?: { readonly [name: string]: string }
  readonly compress?: Compression | undefined
  /** What an answer means to this server, where that is not what HTTP says. */
  readonly judge?: Judge
  /** The beginning of an answer that the judge has to see. */
  readonly answerBytes?: number
}

/** Enough for any error text. */
const shortAnswerBytes = 2048

/** An output that posts each batch, in as many requests as its heads and the server make it. */
export function createHttpOutput(settings: HttpOutputSettings, context: OutputContext): Output {
  const { options, uri } = settings
  const where = whereOf(originOf(options), pathOf(uri))
  const poster = posterOf(settings, where)
  const deliverer = new Deliverer(deliveryOf(settings, context, { poster, where }))
  return {
    destination: where,
    flush: (batch, signal) => deliverer.deliver(batch, signal),
    close: () => poster.close(),
  }
}

function posterOf({ options, answerBytes = shortAnswerBytes }: HttpOutputSettings, where: string): Poster {
  return new Poster({
    origin: originOf(options),
    where,
    answerBytes,
    connections: options.max_in_flight,
    keepalive: options['net.keepalive'],
    idleTimeoutMs: options['net.keepalive_idle_timeout'],
    connectTimeoutMs: options['net.connect_timeout'],
    responseTimeoutMs: options['http.response_timeout'],
    tls: () => readTlsSettings(options),
  })
}

interface Wire {
  readonly poster: Poster
  readonly where: string
}

function deliveryOf(
  settings: HttpOutputSettings,
  { clock }: OutputContext,
  { poster, where }: Wire,
): Delivery<RequestSpan> {
  const { options, uri, judge: judged = judge } = settings
  const texts = headTextsOf(settings)
  const template = compileHead(texts)
  const secrets = [...secretsOf({ ...texts.headers, ...texts.templates }, options), ...queryOf(uri)]
  return {
    where,
    split: (pending) => requestSpans(pending, template),
    encode: (span) => (span.head ? encode(span, settings) : withoutHead(span, uri)),
    async send({ body, refused }, key, { head, count }, signal) {
      if (!head) return undefined
      const keyed = { ...head, headers: { ...head.headers, 'idempotency-key': `"${key}"` } }
      const answer = await poster.post(keyed, body, signal)
      return judged(withoutSecretsOf(answer, secrets), { where, nowMs: clock.wall(), count: count - refused.size })
    },
  }
}

function headTextsOf({ options, uri, method = 'POST', formatter, compress, ...given }: HttpOutputSettings): HeadTexts {
  const templates = checkedHeaders({ ...options.header, ...given.templates })
  const headers = {
    'content-type': formatter.contentType,
    ...formatter.headers,
    ...(compress ? { 'content-encoding': compress } : {}),
    ...given.headers,
    ...authorizationOf(options, templates),
  }
  return { method, uri, headers, templates }
}

async function encode({ chunks }: Span, { formatter, compress }: HttpOutputSettings): Promise<Encoded> {
  const refused = new Map<number, string>()
  const body = formatter.format(chunks, (place, reason) => void refused.set(place, reason))
  return { body: compress ? await compressors[compress](body) : owned(body, chunks), refused }
}

/** What no request can be made for. */
async function withoutHead({ count }: Span, uri: string): Promise<Encoded> {
  const reason = `uri: the event lacks a field that ${JSON.stringify(uri)} names`
  return { body: new Uint8Array(), refused: new Map(Array.from({ length: count }, (_, place) => [place, reason])) }
}

function withoutSecretsOf(answer: Answer, secrets: readonly string[]): Answer {
  const { location, ...others } = answer.headers
  const headers = location === undefined ? others : { ...others, location: withoutSecrets(location, secrets) }
  return { ...answer, headers, text: withoutSecrets(answer.text, secrets) }
}

/**
 * A server may answer before it has read the body, and the connection goes on sending it: bytes that were lent for the flush
 * must not be among them.
 */
function owned(body: Uint8Array, chunks: readonly EncodedEvents[]): Uint8Array {
  return chunks.some(({ entries }) => entries.buffer === body.buffer) ? new Uint8Array(body) : body
}
