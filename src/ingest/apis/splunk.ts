import type { HttpError } from '../../http/http-error.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { InputContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { Endpoint } from '../endpoint.js'
import type { Api } from './api.js'

/**
 * Splunk HTTP Event Collector REST API: `services/collector`, `/event`, `/raw`, `/health`. There are no ids to ask for by `/ack`: an
 * answer comes only once the promise holds.
 */
export function splunk(context: InputContext): Api {
  const endpoint = (raw: boolean) => (): Endpoint => ({
    reading: () => context.parser('splunk_hec', raw ? { raw } : {}),
    accept: (exchange) => exchange.json(200, { text: 'Success', code: 0 }),
    refuse,
  })
  const health = (exchange: HttpExchange): true =>
    context.hasRoom
      ? exchange.json(200, { text: 'HEC is healthy', code: 17 })
      : exchange.json(503, { text: 'HEC is unhealthy, queues are full', code: 18 }, { 'retry-after': '1' })
  const base = '/services/collector'
  return {
    endpoints: {
      [`POST ${base}`]: endpoint(false),
      [`POST ${base}/event`]: endpoint(false),
      [`POST ${base}/event/1.0`]: endpoint(false),
      [`POST ${base}/raw`]: endpoint(true),
      [`POST ${base}/raw/1.0`]: endpoint(true),
    },
    routes: {
      [`GET ${base}/health`]: health,
      [`GET ${base}/health/1.0`]: health,
      [`POST ${base}/ack`]: (exchange) => exchange.json(400, { text: 'ACK is disabled', code: 14 }),
    },
  }
}

/** HEC's own code of what the codec refuses; 6 is "Invalid data format". */
const codes: { readonly [code: string]: number } = {
  CODEC_HEC_NO_EVENT: 12,
  CODEC_HEC_BLANK: 13,
  CODEC_HEC_FIELDS: 15,
}

function refuse(exchange: HttpExchange, { status, headers, message, fields, cause }: HttpError): true {
  const { index } = fields
  if (status === 503 || status === 429)
    return exchange.json(status, { text: 'Server is busy', code: 9 }, { ...headers })
  const code = codes[cause instanceof AgentError ? cause.code : ''] ?? 6
  const event = typeof index === 'number' ? { 'invalid-event-number': index } : {}
  return exchange.json(status, { text: message, code, ...event }, { ...headers })
}
