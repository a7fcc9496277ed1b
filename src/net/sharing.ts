import type { Sharing } from '../plugin/define.js'
import { AgentError } from '../plugin/errors.js'
import { integer } from '../plugin/options.js'
import { addressText, type ListenAddress, type TcpAddress } from './listen-address.js'

/** Of inputs and servers that several workers may serve. */
export const sharingOptions = {
  workers: integer(
    'Threads that serve the addresses together, or processes where Node has no way for threads (before 22.12); each lets in its part of the connections.',
    { default: 1, minimum: 1, maximum: 64, aliases: ['http_server.workers'] },
  ),
} as const

/** Since these, and for other systems not at all, sockets may share their port (nodejs.org/api/net.html, `reusePort`). */
const reusePortSince: { readonly [major: number]: number | undefined } = { 22: 12, 23: 1 }
const reusePortOn = new Set(['linux', 'freebsd', 'sunos', 'aix'])

interface Runtime {
  readonly node: string
  readonly platform: string
}

/** Threads where each can have a socket of its own for the same port; else processes, which share the one of their parent. */
export function sharingOf(
  workers: number,
  { node, platform }: Runtime = { node: process.versions.node, platform: process.platform },
): Sharing {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const canReuse = major > 23 || minor >= (reusePortSince[major] ?? Infinity)
  return { workers, by: canReuse && reusePortOn.has(platform) ? 'threads' : 'processes' }
}

/** The addresses as one of several workers listens on them. Throws an AgentError `NET_SHARED` for one that cannot be shared. */
export function sharedAddresses(
  addresses: readonly ListenAddress[],
  { workers, by }: Sharing,
): readonly ListenAddress[] {
  return workers === 1
    ? addresses
    : addresses.map((address) => ({ ...shareable(address), reusePort: by === 'threads' }))
}

/** What one worker may take of what all of them together may: no more than that in all, but each at least one. */
export function partOf(all: number, workers: number): number {
  return Math.max(1, Math.floor(all / workers))
}

function shareable(address: ListenAddress): TcpAddress {
  if ('port' in address && address.port !== 0) return address
  const given = addressText(address)
  throw new AgentError('NET_SHARED', `workers: expected a host and a port that is not 0 to share, got "${given}"`)
}
