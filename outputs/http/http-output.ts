import { readTlsSettings } from 'sluice/net'
import type { EncodedEvents, Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { addressOf } from './address.js'
import { Deliverer, type Delivery } from './deliver.js'
import { checkHeader, fixedHeaders, secretsOf, withoutSecrets } from './headers.js'
import type { httpOptions } from './options.js'
import { Poster } from './poster.js'
import { type Answer, judge } from './verdict.js'

export type HttpOptions = ValuesOf<typeof httpOptions & typeof outputOptions>

const codecOf = { json: 'json', json_lines: 'ndjson', json_stream: 'ndjson', msgpack: 'msgpack' } as const
const compressed = promisify(gzip)

/** An output that posts each batch, in as many requests as the server makes it. */
export function createHttp(options: HttpOptions, context: OutputContext): Output {
  const poster = posterOf(options)
  const deliverer = new Deliverer(deliveryOf(options, context, poster))
  return {
    destination: addressOf(options).where,
    flush: (batch, signal) => deliverer.deliver(batch, signal),
    close: () => poster.close(),
  }
}

function posterOf(options: HttpOptions): Poster {
  return new Poster({
    ...addressOf(options),
    method: options.http_method,
    connections: options.max_in_flight,
    keepalive: options['net.keepalive'],
    idleTimeoutMs: options['net.keepalive_idle_timeout'],
    connectTimeoutMs: options['net.connect_timeout'],
    responseTimeoutMs: options['http.response_timeout'],
    tls: () => readTlsSettings(options),
  })
}

function deliveryOf(options: HttpOptions, context: OutputContext, poster: Poster): Delivery {
  const { format, json_date_key, json_date_format, compress, header_tag } = options
  const formatter = context.formatter(codecOf[format], format === 'msgpack' ? {} : { json_date_key, json_date_format })
  const own = { 'content-type': formatter.contentType, ...(compress ? { 'content-encoding': compress } : {}) }
  const headers = { ...own, ...fixedHeaders(options.header, options) }
  const secrets = [...secretsOf(headers, options), ...queryOf(options.uri)]
  const { where } = addressOf(options)
  if (header_tag !== undefined) checkHeader(header_tag, '')
  return {
    where,
    byTag: header_tag !== undefined,
    async encode({ chunks }) {
      const body = formatter.format(chunks)
      return compress ? compressed(body) : owned(body, chunks)
    },
    async send(body, key, { chunks }, signal) {
      const tag = header_tag === undefined ? {} : { [header_tag]: headerText(chunks[0]?.tag ?? '') }
      const answer = await poster.post(body, { ...headers, ...tag, 'idempotency-key': `"${key}"` }, signal)
      const verdict = judge(withoutSecretsOf(answer, secrets), where, context.clock.wall())
      if (verdict instanceof Error) throw verdict
      return verdict
    },
  }
}

/** The query may hold a token; servers repeat it when they redirect, and on the pages that say what is not found. */
function queryOf(uri: string): string[] {
  const query = uri.split('?').slice(1).join('?')
  return query === '' ? [] : [query]
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

/** What of a tag no header may hold (RFC 9110, section 5.5) is percent-encoded, as UTF-8. */
function headerText(tag: string): string {
  const encode = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return tag.replace(/[^\x20-\x7e]/gu, (mark) => Array.from(Buffer.from(mark), encode).join(''))
}
