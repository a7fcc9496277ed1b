import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import { routerOf, type Routes } from '../http/router.js'
import type { Stage } from '../http/stage.js'
import type { InputContext } from '../plugin/context.js'
import type { Api } from './apis/api.js'
import { apisOf } from './apis/apis.js'
import { Ingest } from './ingest.js'
import type { IngestSettings } from './ingest-options.js'
import { plainEndpoint } from './plain-endpoint.js'

/** Makes events of what is posted to this path and below it. */
export function ingestStage(settings: IngestSettings, context: InputContext, path = '/'): Stage {
  const prefix = path.endsWith('/') ? path.slice(0, -1) : path
  const ingest = new Ingest(settings, context)
  const plain = plainEndpoint(settings, context, prefix)
  const apis = apisOf(settings.apis, context)
  const asked = routerOf(prefixed(prefix, { ...healthRoute(settings, context), ...infoRoutes(apis) }))
  const posted = routerOf(prefixed(prefix, { ...eventRoutes(apis, ingest), ...setupRoutes(apis) }))
  return {
    handle(exchange) {
      const { method } = exchange
      const owned = method === 'GET' || method === 'HEAD' ? asked(exchange) : posted(exchange)
      if (owned !== false) return owned
      if (!settings.tag_from_path && exchange.path !== `${prefix}/`) return false
      if (method !== 'POST') throw notAllowed(exchange)
      return ingest.take(exchange, plain)
    },
  }
}

function healthRoute({ health_path }: IngestSettings, context: InputContext): Routes {
  return {
    [`GET ${health_path}`]: (exchange) =>
      context.hasRoom
        ? exchange.reply(200, 'ok\n', { 'content-type': 'text/plain' })
        : exchange.problem(503, 'the memory for events is full', { 'retry-after': '1' }),
  }
}

function infoRoutes(apis: readonly Api[]): Routes {
  return Object.assign({}, ...apis.map(({ routes }) => routes)) as Routes
}

/** What is no event and yet is sent: at the other paths that are asked for, events may be posted too. */
function setupRoutes(apis: readonly Api[]): Routes {
  return Object.fromEntries(Object.entries(infoRoutes(apis)).filter(([route]) => !route.startsWith('GET ')))
}

function eventRoutes(apis: readonly Api[], ingest: Ingest): Routes {
  const endpoints = apis.flatMap((api) => Object.entries(api.endpoints))
  return Object.fromEntries(
    endpoints.map(([route, endpoint]) => [
      route,
      (exchange: HttpExchange) => ingest.take(exchange, endpoint(exchange)),
    ]),
  )
}

function prefixed(prefix: string, routes: Routes): Routes {
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route.replace(' ', ` ${prefix}`), handler]),
  )
}

function notAllowed({ method }: HttpExchange): HttpError {
  return new HttpError(405, `expected POST, got ${method}`, { headers: { allow: 'POST' } })
}
