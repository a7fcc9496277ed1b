import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext } from '../plugin/context.js'
import { decoding } from './charset.js'
import { contentOf } from './content.js'
import type { Endpoint, Reading } from './endpoint.js'
import type { IngestSettings } from './ingest-options.js'
import { requestTag } from './request-tag.js'
import { wholeBody } from './whole-body.js'

/** Events as they are, of any type that is known here, at any path. */
export function plainEndpoint(settings: IngestSettings, context: InputContext, prefix: string): Endpoint {
  const status = Number(settings.successful_response_code)
  const headers = settings.success_header ?? {}
  return {
    reading: (exchange) =>
      settings.parser === undefined ? readingOf(exchange, context) : context.parser(settings.parser),
    tag: (exchange) => requestTag(exchange, settings, prefix),
    accept: (exchange) => exchange.reply(status, '', { ...headers }),
  }
}

function readingOf(exchange: HttpExchange, context: InputContext): Reading {
  const type = exchange.header('content-type')
  switch (contentOf(type)) {
    case 'json':
      return 'json'
    case 'ndjson':
      return 'ndjson'
    case 'msgpack':
      return wholeBody(context.parser('msgpack'))
    case 'form':
      return context.parser('form')
    case 'csv':
      return decoding(wholeBody(context.parser('csv')), type ?? '')
    case 'text':
      return decoding(context.parser('none'), type ?? '')
    case undefined:
      throw unknownType(type ?? '')
  }
}

const knownTypes =
  'application/json, application/x-ndjson, application/msgpack, application/x-www-form-urlencoded, text/csv, text/plain'

function unknownType(type: string): HttpError {
  return new HttpError(415, `content-type: expected one of ${knownTypes}, got "${type.slice(0, 80)}"`, {
    headers: { accept: knownTypes },
    reason: 'unknown_type',
  })
}
