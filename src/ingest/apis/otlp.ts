import { HttpError } from '../../http/http-error.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { InputContext } from '../../plugin/context.js'
import { mediaType } from '../content.js'
import type { Endpoint } from '../endpoint.js'
import type { Api } from './api.js'

const protobuf = 'application/x-protobuf'
const json = 'application/json'

/** OpenTelemetry Protocol Specification 1.x, section OTLP/HTTP. */
export function otlp(context: InputContext): Api {
  const endpoint = (signal: 'logs' | 'metrics' | 'traces'): Endpoint => ({
    reading: (exchange) => context.parser('otlp', { signal, encoding: isJson(exchange) ? 'json' : 'protobuf' }),
    // An empty response says that nothing was rejected, in either encoding.
    accept: (exchange) =>
      isJson(exchange)
        ? exchange.reply(200, '{}', { 'content-type': json })
        : exchange.reply(200, '', { 'content-type': protobuf }),
    refuse,
  })
  const [logs, metrics, traces] = [endpoint('logs'), endpoint('metrics'), endpoint('traces')]
  return {
    endpoints: { 'POST /v1/logs': () => logs, 'POST /v1/metrics': () => metrics, 'POST /v1/traces': () => traces },
  }
}

function isJson(exchange: HttpExchange): boolean {
  const type = mediaType(exchange.header('content-type') ?? '')
  if (type === json || type === protobuf) return type === json
  throw new HttpError(415, `content-type: expected ${json} or ${protobuf}, got "${type}"`, { reason: 'unknown_type' })
}

/** The body of an error is a google.rpc.Status in the encoding of the request. */
function refuse(exchange: HttpExchange, { status, headers, message }: HttpError): true {
  const type = mediaType(exchange.header('content-type') ?? '')
  if (type !== protobuf) return exchange.json(status, { code: codeOf(status), message }, { ...headers })
  return exchange.reply(status, statusMessage(codeOf(status), message), { 'content-type': protobuf, ...headers })
}

/** google.rpc.Code of what a client did wrong, and of what it may try again. */
function codeOf(status: number): number {
  return status === 503 || status === 429 ? 14 : 3
}

/** Fields 1 (code, a varint below 128) and 2 (message) of google.rpc.Status. */
function statusMessage(code: number, message: string): Buffer {
  const text = Buffer.from(message).subarray(0, 4096)
  return Buffer.concat([Buffer.from([0x08, code, 0x12, (text.length & 0x7f) | 0x80, text.length >> 7]), text])
}
