import { connectionOptions } from '../net/connection-options.js'
import { hostForm } from '../net/target.js'
import { tlsOptions } from '../net/tls-options.js'
import { upstreamOptions } from '../net/upstream-options.js'
import type { outputOptions } from '../plugin/common-options.js'
import { duration, flag, integer, map, secret, text, type ValuesOf } from '../plugin/options.js'
import { oauth2Options } from './oauth2-options.js'

/** What a uri option must be. */
export const uriForm = {
  // Undici refuses every other character.
  pattern: String.raw`^[\x21-\xff]*$`,
  expects: 'a path with its blanks written as %20',
} as const

const portBounds = { minimum: 1, maximum: 65_535 } as const

/** Where an output sends to by itself. */
export const hostOptions = {
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server; by default 80, or 443 with TLS.', portBounds),
} as const

/** The same for servers that have a port of their own. */
export function hostOptionsAt(port: number) {
  const own = integer('Port of the server.', { default: port, ...portBounds })
  return { host: hostOptions.host, port: own } as const
}

/** The options that every output over HTTP has besides. */
export const clientOptions = {
  header: map('Further headers: a map, or a list of `Name value`.', { default: {}, aliases: ['headers'] }),
  http_user: text('User for basic authentication.'),
  http_passwd: secret('Password for basic authentication.'),
  bearer_token: secret('Token sent as `Authorization: Bearer`.'),
  ...oauth2Options,
  proxy: secret('Proxy to go through, as `http://user:password@host:port`.'),
  http2: flag('Speak HTTP/2 with a server that offers it, over TLS.', { default: false }),
  'http.response_timeout': duration('Longest silence of the server, once the request is sent, and within its answer.', {
    default: '30s',
    minimum: 10,
  }),
  ...upstreamOptions,
  ...connectionOptions,
  ...tlsOptions,
} as const

/** What such an output is told by them. */
export type ClientOptions = ValuesOf<typeof hostOptions & typeof clientOptions> &
  Pick<ValuesOf<typeof outputOptions>, 'max_in_flight'>
