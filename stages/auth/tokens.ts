import { createHash } from 'node:crypto'
import type { HttpExchange } from 'sluice/http'

import type { Failures } from './failures.js'
import { credentials, type Identity, type Way } from './identity.js'
import type { Token, Tokens } from './lines.js'

export interface TokenParts {
  readonly realm: string
  readonly tokens: () => Tokens
  readonly failures: Failures
}

/** The scheme Bearer (RFC 6750). */
export function bearerWay(parts: TokenParts): Way {
  return {
    challenge: `Bearer realm="${parts.realm}"`,
    find: (exchange) => holderOf(parts, exchange, credentials(exchange, 'bearer')),
  }
}

/** A token in a header of its own, for which there is no standard scheme. */
export function apiKeyWay(parts: TokenParts, header: string): Way {
  const name = header.toLowerCase()
  return { find: (exchange) => holderOf(parts, exchange, exchange.header(name)) }
}

/**
 * A token is found by its hash: how long that takes says nothing of the token. Tokens are long and made by chance, so that one pass
 * of a fast hash is enough.
 */
function holderOf(
  { tokens, failures }: TokenParts,
  exchange: HttpExchange,
  token: string | undefined,
): Identity | undefined {
  if (token === undefined || token === '') return undefined
  const holder = tokens().get(digestOf(token))
  if (holder) return holder
  failures.charge(exchange)
  failures.tell(exchange)
  return undefined
}

/** The file's tokens, and the one of the configuration. */
export function withToken(tokens: Tokens, token: string | undefined): Tokens {
  if (token === undefined || token === '') return tokens
  const holder: Token = { user: 'token' }
  return new Map([...tokens, [digestOf(token), holder]])
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
