import { isDeepStrictEqual } from 'node:util'
import type { buildConnector } from 'undici'
import type { Target } from '../net/target.js'
import type { TlsSettings } from '../net/tls-options.js'
import { bareHost } from '../plugin/url-parts.js'
import { type Proxy, tunnel } from './proxy.js'

export interface ConnectorSettings {
  /** Reads its files at each call. */
  readonly readTls: () => TlsSettings | undefined
  readonly timeoutMs: number
  /** Of a unix socket. */
  readonly socketPath: string | null
  readonly http2: boolean
  /** Where connections go through, one tunnel each. */
  readonly tunnel: Proxy | undefined
}

/**
 * Connects with the TLS settings of the moment. The connector, and with it the sessions that make a new handshake short, is
 * kept for as long as these stay the same: a renewed certificate serves the next connection.
 */
export function freshConnector(build: typeof buildConnector, settings: ConnectorSettings): buildConnector.connector {
  const { readTls, timeoutMs, socketPath, http2 } = settings
  let used: TlsSettings | undefined
  let connect: buildConnector.connector | undefined
  const fresh = (): buildConnector.connector => {
    const tls = readTls()
    if (!connect || !isDeepStrictEqual(tls, used)) {
      connect = build({ timeout: timeoutMs, socketPath, allowH2: http2, ...tls })
    }
    used = tls
    return connect
  }
  return (target, done) => void connectTo(target, done, fresh, settings)
}

async function connectTo(
  target: buildConnector.Options,
  done: buildConnector.Callback,
  fresh: () => buildConnector.connector,
  { tunnel: proxy, timeoutMs }: ConnectorSettings,
): Promise<void> {
  try {
    const connect = fresh()
    connect(proxy ? { ...target, httpSocket: await tunnel(proxy, placeOf(target), timeoutMs) } : target, done)
  } catch (error) {
    done(error as Error, null)
  }
}

function placeOf({ hostname, port }: buildConnector.Options): Target {
  return { host: bareHost(hostname), port: Number(port || 443) }
}
