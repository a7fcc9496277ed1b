import { HttpError } from '../../http/http-error.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { Handler } from '../../http/router.js'
import type { InputContext, Parser } from '../../plugin/context.js'
import { contentOf } from '../content.js'
import type { Endpoint } from '../endpoint.js'
import { refusal } from '../refusal.js'
import { wholeBody } from '../whole-body.js'
import type { Api } from './api.js'

const version = 'sluice'

/** InfluxDB OSS v1 and v2 API references: `/write`, `/api/v2/write`, `/ping`, `/query`. */
export function influxdb(context: InputContext): Api {
  const reading = (exchange: HttpExchange): Parser => wholeBody(parserOf(exchange, context))
  const accept: Endpoint['accept'] = (exchange) => exchange.reply(204)
  const ping = (exchange: HttpExchange): true => exchange.reply(204, '', { 'x-influxdb-version': version })
  return {
    endpoints: {
      'POST /write': () => ({ reading, accept, refuse: refuseV1 }),
      'POST /api/v2/write': () => ({ reading, accept, refuse: refuseV2 }),
    },
    routes: { 'GET /ping': ping, 'GET /query': answerQuery, 'POST /query': answerQuery },
  }
}

/** Telegraf and others want their database made before they write: there is none to make, and nothing to read. */
const answerQuery: Handler = (exchange) => {
  if (!new URLSearchParams(exchange.query).has('q') && !isForm(exchange))
    throw new HttpError(400, 'expected a query, got none; events are taken at other paths', { reason: 'no_query' })
  return exchange.json(200, { results: [{ statement_id: 0 }] }, { 'x-influxdb-version': version })
}

function isForm(exchange: HttpExchange): boolean {
  return contentOf(exchange.header('content-type')) === 'form'
}

/** A precision that the codec does not know is the client's mistake. */
function parserOf(exchange: HttpExchange, context: InputContext): Parser {
  try {
    return context.parser('influx', precisionOf(exchange))
  } catch (error) {
    throw refusal(error)
  }
}

function precisionOf({ query }: HttpExchange): { readonly precision?: string } {
  const precision = new URLSearchParams(query).get('precision')
  return precision === null ? {} : { precision }
}

function refuseV1(exchange: HttpExchange, { status, headers, message }: HttpError): true {
  return exchange.json(status, { error: message }, { ...headers })
}

const codes: { readonly [status: number]: string } = {
  400: 'invalid',
  413: 'request too large',
  415: 'unsupported media type',
  429: 'too many requests',
  503: 'unavailable',
}

function refuseV2(exchange: HttpExchange, { status, headers, message }: HttpError): true {
  return exchange.json(status, { code: codes[status] ?? 'invalid', message }, { ...headers })
}
