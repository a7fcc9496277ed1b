import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { Stage } from '../http/stage.js'
import { isLoopback } from './admin-settings.js'
import type { TokenTest } from './token.js'

/** Open to everybody that reaches the server: what asks for it, such as a supervisor, need not know a token. */
const open = '/health/live'

export interface GuardParts {
  /** Undefined where no token is asked for. */
  readonly isToken: TokenTest | undefined
  /** Whether each client has shown a certificate. */
  readonly areClientsKnown: boolean
}

/** Lets in who may ask: with a token or a certificate where that is asked for, else whoever is on this machine; no pages of the web. */
export function guard({ isToken, areClientsKnown }: GuardParts): Stage {
  return {
    onRequest(exchange) {
      refusePages(exchange)
      if (isToken && exchange.path !== open && !isToken(exchange.header('authorization'))) throw unauthorized()
      if (!isToken && !areClientsKnown) refuseForeignNames(exchange)
      return false
    },
  }
}

function unauthorized(): HttpError {
  const headers = { 'www-authenticate': 'Bearer realm="sluice"' }
  return new HttpError(401, 'expected the header "Authorization: Bearer TOKEN"', { headers, reason: 'no_token' })
}

/** A browser says which page asks; a page of another server may neither read this one nor tell it anything. */
function refusePages(exchange: HttpExchange): void {
  const origin = exchange.header('origin')
  if (origin === undefined || hostOf(origin) === exchange.header('host')?.toLowerCase()) return
  throw new HttpError(403, 'pages of other servers may not ask', { reason: 'foreign_origin' })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/** A name that somebody else gave this address: the page that it comes from looks like one of ours (DNS rebinding). */
function refuseForeignNames({ host, connection }: HttpExchange): void {
  const name = host.startsWith('[') ? host.slice(1, -1) : host
  if (connection.address === '' || isLoopback(name)) return
  throw new HttpError(421, `expected a loopback name, got "${host}"`, { reason: 'foreign_host' })
}
