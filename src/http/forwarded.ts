import type { Fields } from './end-to-end.js'
import type { HttpExchange } from './http-exchange.js'

/** Those that say who asked: a client that is no proxy could say anything. */
const names = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Takes what a client says of those before it off the fields. */
export function withoutForwarded(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

export interface ForwardedParts extends Pick<HttpExchange, 'connection' | 'hops'> {
  /** Whom the client asked for. */
  readonly host: string
}

/** What a server behind this one is told of the client, and of the proxies before this one: RFC 7239, and what everybody used before it. */
export function forwardedFields({ connection: { secure }, hops, host }: ForwardedParts, fields: Fields): Fields {
  const scheme = secure ? 'https' : 'http'
  const quoted = host.replaceAll(/["\\]/g, String.raw`\$&`)
  return {
    forwarded: `${appended(fields['forwarded'], hops.map(forNode).join(', '))};host="${quoted}";proto=${scheme}`,
    'x-forwarded-for': appended(fields['x-forwarded-for'], hops.map((hop) => hop || 'unknown').join(', ')),
    'x-forwarded-host': fields['x-forwarded-host'] ?? host,
    'x-forwarded-proto': fields['x-forwarded-proto'] ?? scheme,
  }
}

/** RFC 7239, section 6. */
function forNode(address: string): string {
  if (address === '') return 'for=unknown'
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`
}

/** One more of a field that is a list. */
export function appended(before: string | string[] | undefined, last: string): string {
  return [before ?? [], last].flat().join(', ')
}
