import type { Connection } from './connection.js'
import type { Fields } from './end-to-end.js'

/** Those that say who asked: a client that is no proxy could say anything. */
const names = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Takes what a client says of those before it off the fields. */
export function withoutForwarded(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

/** What a server behind this one is told of the client: RFC 7239, and what everybody used before it. `host` is whom it asked for. */
export function forwardedFields({ address, secure }: Connection, host: string, fields: Fields): Fields {
  const scheme = secure ? 'https' : 'http'
  const node = address === '' ? 'unknown' : address.includes(':') ? `"[${address}]"` : address
  const quoted = host.replaceAll(/["\\]/g, String.raw`\$&`)
  return {
    forwarded: appended(fields['forwarded'], `for=${node};host="${quoted}";proto=${scheme}`),
    'x-forwarded-for': appended(fields['x-forwarded-for'], address === '' ? 'unknown' : address),
    'x-forwarded-host': fields['x-forwarded-host'] ?? host,
    'x-forwarded-proto': fields['x-forwarded-proto'] ?? scheme,
  }
}

/** One more of a field that is a list. */
export function appended(before: string | string[] | undefined, last: string): string {
  return [before ?? [], last].flat().join(', ')
}
