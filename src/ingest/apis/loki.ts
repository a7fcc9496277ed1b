import { HttpError } from '../../http/http-error.js'
import type { InputContext } from '../../plugin/context.js'
import { mediaType } from '../content.js'
import { unpacking } from '../unpacking.js'
import type { Api } from './api.js'

/** Grafana Loki HTTP API: `POST /loki/api/v1/push`, JSON or protocol buffers in a Snappy block. */
export function loki(context: InputContext): Api {
  return {
    endpoints: {
      'POST /loki/api/v1/push': () => ({
        packed: 'snappy',
        reading(exchange) {
          const encoding = encodingOf(exchange.header('content-type') ?? '')
          const parser = context.parser('loki', { encoding, max_unpacked: exchange.limits.inflatedBytes })
          return encoding === 'json' ? parser : unpacking(parser, exchange)
        },
        accept: (exchange) => exchange.reply(204),
        refuse: (exchange, { status, headers, message }) =>
          exchange.reply(status, `${message}\n`, { 'content-type': 'text/plain; charset=utf-8', ...headers }),
      }),
    },
    routes: { 'GET /ready': (exchange) => exchange.reply(200, 'ready\n', { 'content-type': 'text/plain' }) },
  }
}

/** Its clients send protocol buffers where they say nothing. */
function encodingOf(contentType: string): 'json' | 'protobuf' {
  const type = mediaType(contentType)
  if (type === 'application/json') return 'json'
  if (type === '' || type === 'application/x-protobuf') return 'protobuf'
  const detail = `content-type: expected application/json or application/x-protobuf, got "${type.slice(0, 80)}"`
  throw new HttpError(415, detail, { reason: 'unknown_type' })
}
