import { choice, duration, flag, integer, size, type ValuesOf } from '../plugin/options.js'
import type { HttpServerSettings } from './http-server.js'
import type { HttpLimits } from './limits.js'
import { admissionOptions, listenOptions } from '../net/server-options.js'
import { parseListen } from '../net/listen-address.js'
import { proxyOptions, readProxies } from '../net/trusted-proxies.js'
import { readTlsServerOptions, tlsServerOptions } from '../net/tls-server-options.js'

/** The limits of everything that serves HTTP. */
export const limitOptions = {
  max_header_size: size('Longest head of a request: its first line and all headers; longer ones get a 431.', {
    default: '16KiB',
    minimum: 1024,
  }),
  max_header_count: integer('Most headers of a request; more get a 431.', { default: 100, minimum: 1, maximum: 2000 }),
  max_body_size: size('Longest body as it is sent; longer ones get a 413.', {
    default: '4MiB',
    minimum: 1024,
    aliases: ['buffer_max_size', 'http_server.buffer_max_size'],
  }),
  max_inflated_size: size('Longest body once it is decompressed; longer ones get a 413.', {
    default: '32MiB',
    minimum: 1024,
  }),
  header_timeout: duration(
    'Longest that the head of a request may take, and a TLS handshake before it; then there is a 408.',
    {
      default: '10s',
      minimum: 100,
    },
  ),
  request_timeout: duration(
    'Longest that a request may take to come in whole; then there is a 408. A client that takes nothing of its answer for so long is let go.',
    {
      default: '60s',
      minimum: 100,
    },
  ),
  idle_timeout: duration('A connection is closed that asks for nothing for longer.', {
    default: '10s',
    minimum: 100,
    aliases: ['http_server.idle_timeout'],
  }),
  ...admissionOptions,
  max_requests_per_connection: integer('Requests after which a connection is closed.', {
    default: 10_000,
    minimum: 1,
  }),
} as const

/** All that an HTTP server may be told: where it listens, how it speaks, and what it takes of clients. */
export function httpServerOptions(port: number) {
  return {
    ...listenOptions(port),
    http2: flag('Speak HTTP/2 too, with clients that ask for it.', { default: true, aliases: ['http_server.http2'] }),
    ...tlsServerOptions,
    ...proxyOptions,
    client_address_header: choice(
      'Header in which each of `trusted_proxies` puts the address of whoever asked it at the end. The other one is not looked at, since most proxies pass it on as the client made it up.',
      ['x-forwarded-for', 'forwarded'],
      { default: 'x-forwarded-for' },
    ),
    ...limitOptions,
  } as const
}

export type HttpServerOptions = ValuesOf<ReturnType<typeof httpServerOptions>>

/**
 * What a server needs to be told but for its stages. Reads no file. Throws an AgentError: `NET_LISTEN_ADDRESS`, `NET_TLS_OPTIONS` for
 * TLS with no certificate, and what `readProxies` throws.
 */
export function readServerOptions(
  options: HttpServerOptions,
): Pick<HttpServerSettings, 'listen' | 'limits' | 'tls' | 'http2' | 'proxies'> {
  const proxies = readProxies(options)
  return {
    listen: options.listen.map((text) => parseListen(text, options.port)),
    limits: readLimits(options),
    tls: readTlsServerOptions(options),
    http2: options.http2,
    proxies: proxies && { ...proxies, header: options.client_address_header },
  }
}

/** How long requests may go on once the server was told to stop. */
const drainMs = 2000

export function readLimits(options: ValuesOf<typeof limitOptions>): HttpLimits {
  return {
    headerBytes: options.max_header_size,
    headerCount: options.max_header_count,
    bodyBytes: options.max_body_size,
    inflatedBytes: options.max_inflated_size,
    headerMs: options.header_timeout,
    requestMs: options.request_timeout,
    idleMs: options.idle_timeout,
    connections: options.max_connections,
    connectionsPerAddress: options.max_connections_per_address,
    requestsPerConnection: options.max_requests_per_connection,
    drainMs,
  }
}
