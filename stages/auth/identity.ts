import type { HttpExchange } from 'sluice/http'

/** Whom a request was found to come from. */
export interface Identity {
  readonly user: string
  /** What a token is for; undefined for everything. */
  readonly scopes?: readonly string[]
}

/** One way of showing who one is. */
export interface Way {
  /** What a client is told that it may show (RFC 9110, section 11.6.1); none where it could show nothing on being told. */
  readonly challenge?: string
  /** Undefined where the request shows nothing of this way, or what is not right. Throws an HttpError 429 after too much of that. */
  find(exchange: HttpExchange): Identity | undefined | Promise<Identity | undefined>
}

/** Whom the first way that fits finds; a promise only where one has to be waited for. */
export function identify(ways: readonly Way[], exchange: HttpExchange): ReturnType<Way['find']> {
  for (const [at, way] of ways.entries()) {
    const found = way.find(exchange)
    if (found instanceof Promise) return found.then((identity) => identity ?? identify(ways.slice(at + 1), exchange))
    if (found) return found
  }
  return undefined
}

/** What stands behind the scheme in `Authorization`; undefined where that is another one (RFC 9110, section 11.4). */
export function credentials(exchange: HttpExchange, scheme: string): string | undefined {
  const header = exchange.header('authorization') ?? ''
  const isScheme = header.slice(0, scheme.length + 1).toLowerCase() === `${scheme} `
  return isScheme ? header.slice(scheme.length + 1).trim() : undefined
}
