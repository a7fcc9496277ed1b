import {
  type Handler,
  HttpError,
  type HttpExchange,
  type Owned,
  readJsonBody,
  routerOf,
  type ServiceDefinition,
  type ServiceHandler,
  type ServiceRoute,
} from 'sluice/http'
import { AgentError } from 'sluice/plugin'

import { callOf } from './call.js'
import { type Check, checkOf } from './schemas.js'
import { baseOf } from './service-options.js'
import type { Running } from './timers.js'

interface Routing extends Running {
  /** Path of the stage. */
  readonly path: string
}

/** Answers the requests of a service. Throws an AgentError for a route that is none. */
export async function routesOf(
  routes: ServiceDefinition['routes'] = {},
  routing: Routing,
): Promise<(exchange: HttpExchange) => Owned> {
  const base = baseOf(routing.path)
  const handlers: { [route: string]: Handler } = {}
  for (const [name, given] of Object.entries(routes)) {
    const [method, path] = partsOf(name)
    handlers[`${method} ${base}${path}`] = await handlerOf(name, routeOf(name, given), routing)
    // Without the slash, links of the page would lead to the folder above.
    if (path === '/' && method === 'GET' && base !== '')
      handlers[`GET ${base}`] = (exchange) => addSlash(exchange, base)
  }
  return routerOf(handlers)
}

function partsOf(name: string): [method: string, path: string] {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(name) ?? []
  if (method !== undefined && path !== undefined) return [method, path]
  throw new AgentError('SERVICE_INVALID', `route "${name}": expected a method and a path such as "GET /sensors/:id"`)
}

function routeOf(name: string, given: ServiceRoute | ServiceHandler): ServiceRoute {
  const route: Partial<ServiceRoute> = typeof given === 'function' ? { handle: given } : given
  if (typeof route.handle === 'function') return { ...route, handle: route.handle }
  throw new AgentError('SERVICE_INVALID', `route "${name}": expected a function, or { body, handle }`)
}

async function handlerOf(name: string, { body, handle }: ServiceRoute, { service, failed }: Routing): Promise<Handler> {
  const check = body === undefined ? undefined : await checkOf(body, `route "${name}": body`)
  return async (exchange) => {
    const call = callOf(exchange, check && (await checkedBody(exchange, check)))
    try {
      const answer = await handle(call, service)
      if (exchange.isAnswered || exchange.isAborted) return
      if (answer === undefined) call.reply(204)
      else call.json(answer)
    } catch (error) {
      if (error instanceof HttpError) throw error
      if (exchange.isAborted) return
      failed(name, error)
      if (exchange.isAnswered) exchange.response.destroy()
      else call.problem(500, 'the service failed; the log of the agent says why')
    }
  }
}

async function checkedBody(exchange: HttpExchange, check: Check): Promise<unknown> {
  const body = await readJsonBody(exchange)
  const wrong = check(body)
  if (!wrong) return body
  throw new HttpError(422, `body${wrong.pointer}: ${wrong.message}`, { fields: { pointer: wrong.pointer } })
}

function addSlash(exchange: HttpExchange, base: string): true {
  return exchange.reply(308, '', { location: `${base}/${exchange.query && `?${exchange.query}`}` })
}
