import type { HttpExchange } from '../../http/http-exchange.js'
import type { HttpError } from '../../http/http-error.js'
import type { Handler, Routes } from '../../http/router.js'
import { type BulkAction, bulkActions } from '../../plugin/bulk-actions.js'
import type { InputContext, Parsed, Parser } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { Endpoint } from '../endpoint.js'
import type { Api } from './api.js'

/** The clients of Elastic talk to a server only that says this (since 7.14). */
const product = { 'x-elastic-product': 'Elasticsearch' }

/** Elasticsearch API: `_bulk`, and what Beats, Logstash and Vector ask before they use it. */
export function elasticsearch(context: InputContext): Api {
  const bulk = (exchange: HttpExchange): Endpoint => new BulkEndpoint(exchange, context)
  return {
    endpoints: {
      'POST /_bulk': bulk,
      'PUT /_bulk': bulk,
      'POST /:index/_bulk': bulk,
      'PUT /:index/_bulk': bulk,
    },
    routes,
  }
}

const there: Handler = (exchange) => exchange.json(200, {}, product)
const acknowledge: Handler = (exchange) => exchange.json(200, { acknowledged: true }, product)

/** What clients set up for their indices before they send: there are no indices here, so all of it is there, or set at once. */
const setups = [
  '/_index_template/:name',
  '/_component_template/:name',
  '/_template/:name',
  '/_data_stream/:name',
  '/_ilm/policy/:name',
  '/_ingest/pipeline/:name',
]

const routes: Routes = {
  ...Object.fromEntries(
    setups.flatMap((path) => [
      [`GET ${path}`, there],
      [`PUT ${path}`, acknowledge],
    ]),
  ),
  'GET /': (exchange) => exchange.json(200, about, product),
  'GET /_license': (exchange) => exchange.json(200, { license }, product),
  'GET /_cluster/health': (exchange) => exchange.json(200, { status: 'green' }, product),
}

const license = { status: 'active', type: 'basic', mode: 'basic', uid: 'sluice' }

const about = {
  name: 'sluice',
  cluster_name: 'sluice',
  version: { number: '8.0.0', build_flavor: 'default', minimum_wire_compatibility_version: '7.17.0' },
  tagline: 'You Know, for Search',
}

/** What became of one action, under the name of its operation. */
interface Item {
  readonly _index: string
  readonly _id?: string
  readonly status: number
  readonly result?: 'created'
  readonly error?: { readonly type: string; readonly reason: string }
}

/** One bulk request: each of its documents is taken or refused by itself, as its clients expect. */
class BulkEndpoint implements Endpoint {
  readonly #index: string
  readonly #parser: Parser
  readonly #items: { readonly [operation: string]: Item }[] = []
  #failed = false

  constructor({ params }: HttpExchange, context: InputContext) {
    this.#index = params['index'] ?? ''
    this.#parser = context.parser('elasticsearch_bulk')
  }

  reading(): Parser {
    return { framing: 'whole', parse: (body) => this.#parse(body) }
  }

  accept(exchange: HttpExchange): true {
    return exchange.json(200, { took: 0, errors: this.#failed, items: this.#items }, { ...product })
  }

  refuse(exchange: HttpExchange, { status, headers, message }: HttpError): true {
    const error = {
      type: status === 400 ? 'illegal_argument_exception' : 'es_rejected_execution_exception',
      reason: message,
    }
    return exchange.json(status, { error, status }, { ...headers, ...product })
  }

  *#parse(body: Uint8Array): Iterable<Parsed> {
    for (const action of bulkActions(body)) yield* this.#document(action)
  }

  #document(action: BulkAction): readonly Parsed[] {
    try {
      const parsed = [...this.#parser.parse(action.body)]
      this.#note(action, { status: 201, result: 'created' })
      return parsed
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      this.#failed = true
      this.#note(action, { status: 400, error: { type: 'document_parsing_exception', reason: error.message } })
      return []
    }
  }

  #note({ operation, index, id }: BulkAction, outcome: Omit<Item, '_index' | '_id'>): void {
    this.#items.push({
      [operation]: { _index: index ?? this.#index, ...(id === undefined ? {} : { _id: id }), ...outcome },
    })
  }
}
