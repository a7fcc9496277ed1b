import { duration, integer, list, type ValuesOf } from '../plugin/options.js'
import { parseListen } from './listen-address.js'
import type { ServeSettings } from './serve.js'
import { proxyOptions, readProxies } from './trusted-proxies.js'
import { readTlsServerOptions, tlsServerOptions } from './tls-server-options.js'

/** Where a server listens. `port` is that of addresses which state none. */
export function listenOptions(port: number) {
  return {
    listen: list(
      'Addresses to listen on: `HOST`, `HOST:PORT`, `[::1]:PORT`, `unix:/PATH mode=0660 owner=USER:GROUP` or `systemd:NAME`; `0.0.0.0` or `::` for all of this machine.',
      { default: ['127.0.0.1'] },
    ),
    port: integer('Port of addresses that state none; 0 for any free one.', {
      default: port,
      minimum: 0,
      maximum: 65_535,
    }),
  } as const
}

/** How many peers a server takes. */
export const admissionOptions = {
  max_connections: integer('Connections at once; further ones are closed as they come.', {
    default: 1024,
    minimum: 1,
    maximum: 65_535,
  }),
  max_connections_per_address: integer('Connections at once from one address; further ones are closed as they come.', {
    default: 256,
    minimum: 1,
    maximum: 65_535,
  }),
} as const

/** All that an input may be told whose peers come over connections. */
export function streamServerOptions(port: number) {
  return {
    ...listenOptions(port),
    ...admissionOptions,
    ...tlsServerOptions,
    ...proxyOptions,
    trusted_proxies: list(
      'Addresses and networks of the load balancers that `proxy_protocol` is spoken by; `unix` for those that come over a unix socket.',
    ),
    'tls.handshake_timeout': duration(
      'Longest that a TLS handshake may take, and the header of `proxy_protocol` before it.',
      { default: '10s', minimum: 100 },
    ),
  } as const
}

export type StreamServerOptions = ValuesOf<ReturnType<typeof streamServerOptions>>

/**
 * Reads no file. Throws an AgentError: `NET_LISTEN_ADDRESS`, `NET_TLS_OPTIONS` for TLS with no certificate, and what `readProxies` throws.
 */
export function readStreamServer(
  options: StreamServerOptions,
): Pick<ServeSettings, 'listen' | 'tls' | 'proxies' | 'limits'> {
  return {
    listen: options.listen.map((text) => parseListen(text, options.port)),
    tls: readTlsServerOptions(options),
    proxies: readProxies(options),
    limits: {
      connections: options.max_connections,
      connectionsPerAddress: options.max_connections_per_address,
      handshakeMs: options['tls.handshake_timeout'],
    },
  }
}
