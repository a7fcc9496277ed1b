import { SocketAddress } from 'node:net'

import type { HttpExchange } from './http-exchange.js'

/**
 * Under which name a client is counted: its IPv4 address, or the first 64 bits of its IPv6 address, of which one client has as many
 * as it likes (RFC 4291, section 2.5.1). Empty for unix sockets.
 */
export function clientOf({ clientAddress: address }: Pick<HttpExchange, 'clientAddress'>): string {
  return address.includes(':') ? `${networkOf(address)}::/64` : address
}

function networkOf(address: string): string {
  const { address: short } = new SocketAddress({ address: address.replace(/%.*$/, ''), family: 'ipv6' })
  const [head = '', tail] = short.split('::')
  const first = groupsOf(head)
  const last = groupsOf(tail ?? '')
  const zeros = tail === undefined ? [] : new Array<string>(8 - first.length - last.length).fill('0')
  return [...first, ...zeros, ...last].slice(0, 4).join(':')
}

/** An IPv4 address at the end stands for two groups, which are not of the first four. */
function groupsOf(text: string): readonly string[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : [group]))
}
