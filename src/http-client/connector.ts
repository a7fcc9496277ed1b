import type { TlsSettings } from '../net/tls-options.js'
import { isDeepStrictEqual } from 'node:util'
import type { buildConnector } from 'undici'

/**
 * Connects with the TLS settings of the moment. The connector, and with it the sessions that make a new handshake short, is
 * kept for as long as these stay the same: a renewed certificate serves the next connection.
 */
export function freshConnector(
  build: typeof buildConnector,
  readTls: () => TlsSettings | undefined,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  let used: TlsSettings | undefined
  let connect: buildConnector.connector | undefined
  return (target, done) => {
    try {
      const tls = readTls()
      if (!connect || !isDeepStrictEqual(tls, used)) connect = build({ ...options, ...tls })
      used = tls
    } catch (error) {
      done(error as Error, null)
      return
    }
    connect(target, done)
  }
}
