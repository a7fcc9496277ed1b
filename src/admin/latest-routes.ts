import { createHash } from 'node:crypto'

import { toIsoText } from '../event/event-time.js'
import { toJson } from '../event/json-writer.js'
import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { Routes } from '../http/router.js'
import type { Latest, LatestValue } from '../plugin/latest.js'
import { readLatestQuery } from './latest-query.js'

/** The last values of tags and series: what a panel or a controller asks a gateway for. */
export function latestRoutes(latest: Latest): Routes {
  return {
    'GET /latest': (exchange) => {
      const { prefix, isWanted } = readLatestQuery(exchange.query)
      answer(exchange, listJson(latest.list(prefix).filter(isWanted)))
    },
    'GET /latest/:tag': (exchange) => {
      const tag = exchange.params['tag'] ?? ''
      const values = latest.list(tag).filter((value) => value.tag === tag)
      if (values.length === 0) throw unknown(tag)
      const { isWanted } = readLatestQuery(exchange.query)
      answer(exchange, listJson(values.filter(isWanted)))
    },
    'GET /latest/:tag/:series': (exchange) => {
      const { tag = '', series = '' } = exchange.params
      const value = latest.get(tag, series)
      if (!value) throw unknown(`${tag}, ${series}`)
      answer(exchange, valueJson(value))
    },
  }
}

/** What has not changed is not sent again (RFC 9110, section 13.1.2). */
function answer(exchange: HttpExchange, json: string): true {
  const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`
  const headers = { etag, 'cache-control': 'no-cache' }
  const known = (exchange.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(etag) || known.includes('*')) return exchange.reply(304, '', headers)
  return exchange.reply(200, `${json}\n`, { ...headers, 'content-type': 'application/json' })
}

function listJson(values: readonly LatestValue[]): string {
  return `{"values":[${values.map(valueJson).join(',')}]}`
}

/** The record as outputs write it: integers have all their digits. */
function valueJson({ tag, series, time, record }: LatestValue): string {
  const [named, moment] = [JSON.stringify({ tag, series }).slice(0, -1), toIsoText(time)]
  return `${named},"time":"${moment}","record":${toJson(record)}}`
}

function unknown(what: string): HttpError {
  return new HttpError(404, `nothing is known of ${what}`, { reason: 'unknown_value' })
}
