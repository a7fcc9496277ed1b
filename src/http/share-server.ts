import { partOf, sharedAddresses, sharingOf } from '../net/sharing.js'
import type { HttpServerSettings } from './http-server.js'
import type { HttpLimits } from './limits.js'

/**
 * A server as one of several workers runs it: on addresses that all of them share, and for its part of the connections. Throws an
 * AgentError `NET_SHARED` for an address that cannot be shared.
 */
export function shareServer<S extends Pick<HttpServerSettings, 'listen' | 'limits'>>(settings: S, workers: number): S {
  const listen = sharedAddresses(settings.listen, sharingOf(workers))
  return { ...settings, listen, limits: sharedLimits(settings.limits, workers) }
}

function sharedLimits(limits: HttpLimits, workers: number): HttpLimits {
  return {
    ...limits,
    connections: partOf(limits.connections, workers),
    connectionsPerAddress: partOf(limits.connectionsPerAddress, workers),
  }
}
