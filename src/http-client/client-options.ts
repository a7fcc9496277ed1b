import { connectionOptions } from '../net/connection-options.js'
import { hostForm } from '../net/target.js'
import { tlsOptions } from '../net/tls-options.js'
import { upstreamOptions } from '../net/upstream-options.js'
import type { outputOptions } from '../plugin/common-options.js'
import { duration, integer, map, secret, text, type ValuesOf } from '../plugin/options.js'

/** What a uri option must be. */
export const uriForm = {
  // Undici refuses every other character.
  pattern: String.raw`^[\x21-\xff]*$`,
  expects: 'a path with its blanks written as %20',
} as const

/** The options of every output over HTTP; those that name what only its own servers have stand beside them. */
export const clientOptions = {
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server; by default 80, or 443 with TLS.', { minimum: 1, maximum: 65535 }),
  header: map('Further headers: a map, or a list of `Name value`.', { default: {}, aliases: ['headers'] }),
  http_user: text('User for basic authentication.'),
  http_passwd: secret('Password for basic authentication.'),
  bearer_token: secret('Token sent as `Authorization: Bearer`.'),
  'http.response_timeout': duration('Longest silence of the server, once the request is sent, and within its answer.', {
    default: '30s',
    minimum: 10,
  }),
  ...upstreamOptions,
  ...connectionOptions,
  ...tlsOptions,
} as const

export type ClientOptions = ValuesOf<typeof clientOptions> & Pick<ValuesOf<typeof outputOptions>, 'max_in_flight'>
