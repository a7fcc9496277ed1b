import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'
import { type Params, pathMatcher } from './path-pattern.js'
import type { Owned } from './stage.js'

export type Handler = (exchange: HttpExchange) => void | true | Promise<void | true>

/** `METHOD /path/:part/*`, such as `GET /sensors/:id`: a named part stands for one segment, a final `*` for all that follow. */
export interface Routes {
  readonly [route: string]: Handler
}

type Methods = Map<string, Handler>

interface PatternRoute {
  readonly match: (path: string) => Params | undefined
  readonly methods: Methods
}

/** A `handle` for routes: it owns every request whose path is one of them, and refuses methods that are not there with a 405. */
export function routerOf(routes: Routes): (exchange: HttpExchange) => Owned {
  const byPath = methodsByPath(routes)
  const patterns: PatternRoute[] = [...byPath]
    .filter(([path]) => /[:*]/.test(path))
    .map(([path, methods]) => ({ match: pathMatcher(path), methods }))
  return (exchange) => {
    const exact = byPath.get(exchange.path)
    return exact ? dispatch(exchange, exact) : dispatchPattern(exchange, patterns)
  }
}

function methodsByPath(routes: Routes): ReadonlyMap<string, Methods> {
  const byPath = new Map<string, Methods>()
  for (const [route, handler] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ')
    const methods = byPath.get(path) ?? new Map<string, Handler>()
    byPath.set(path, methods.set(method, handler))
  }
  return byPath
}

function dispatchPattern(exchange: HttpExchange, patterns: readonly PatternRoute[]): Owned {
  for (const { match, methods } of patterns) {
    const params = match(exchange.path)
    if (!params) continue
    exchange.params = params
    return dispatch(exchange, methods)
  }
  return false
}

function dispatch(exchange: HttpExchange, methods: Methods): Owned {
  const handler = methods.get(exchange.method) ?? (exchange.method === 'HEAD' ? methods.get('GET') : undefined)
  if (!handler) throw notAllowed(exchange.method, methods)
  const done = handler(exchange)
  return done instanceof Promise ? done.then(() => true) : true
}

function notAllowed(method: string, methods: Methods): HttpError {
  const allowed = [...methods.keys(), ...(methods.has('GET') && !methods.has('HEAD') ? ['HEAD'] : [])].join(', ')
  return new HttpError(405, `expected ${allowed}, got ${method}`, { headers: { allow: allowed } })
}
