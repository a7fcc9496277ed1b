import { HttpError, type HttpExchange, type Stage } from 'sluice/http'
import { AgentError } from 'sluice/plugin'

import { originTest } from './origins.js'

export interface Settings {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly expose_headers: readonly string[] | undefined
  readonly credentials: boolean
  readonly max_age: number
}

type Headers = { readonly [name: string]: string }

/** The CORS protocol (Fetch standard, section 3.3). Throws an AgentError CORS_ORIGIN or CORS_CREDENTIALS. */
export function cors(settings: Settings): Stage {
  refuseStars(settings)
  const isForAll = settings.origins.includes('*')
  const allows = originTest(settings.origins)
  const [preflight, always] = [preflightHeaders(settings), answerHeaders(settings)]
  return {
    onRequest(exchange) {
      const origin = exchange.header('origin')
      if (!isForAll) exchange.response.appendHeader('vary', 'Origin')
      if (origin === undefined) return false
      const isAllowed = isForAll || allows(origin)
      if (isAllowed) setHeaders(exchange, { 'access-control-allow-origin': isForAll ? '*' : origin, ...always })
      if (!isPreflight(exchange)) return false
      if (!isAllowed) throw new HttpError(403, 'pages of this origin may not ask here', { reason: 'denied_origin' })
      return exchange.reply(204, '', { ...preflight })
    },
  }
}

function isPreflight(exchange: HttpExchange): boolean {
  return exchange.method === 'OPTIONS' && exchange.header('access-control-request-method') !== undefined
}

function setHeaders({ response }: HttpExchange, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function answerHeaders({ credentials, expose_headers: exposed = [] }: Settings): Headers {
  return {
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(exposed.length > 0 ? { 'access-control-expose-headers': exposed.join(', ') } : {}),
  }
}

function preflightHeaders({ methods, headers, max_age }: Settings): Headers {
  return {
    'access-control-allow-methods': methods.join(', '),
    ...(headers.length > 0 ? { 'access-control-allow-headers': headers.join(', ') } : {}),
    'access-control-max-age': String(Math.floor(max_age / 1000)),
  }
}

/** With credentials a star stands for itself alone, so that no page of the world may read what its reader may (Fetch, section 3.3.5). */
function refuseStars({ credentials, ...lists }: Settings): void {
  if (!credentials) return
  for (const name of ['origins', 'methods', 'headers', 'expose_headers'] as const)
    if (lists[name]?.includes('*'))
      throw new AgentError('CORS_CREDENTIALS', `${name}: expected no * with credentials: on; name those that may`)
}
