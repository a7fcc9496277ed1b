import type { Socket } from 'node:net'

/** Of the peer; an IPv4 address that came over IPv6 is given as IPv4. Empty for a unix socket. */
export function peerAddress({ remoteAddress = '' }: Socket): string {
  return withoutMapping(remoteAddress)
}

/** IPv4 addresses in IPv6 (RFC 4291, section 2.5.5.2) are what sockets for both kinds give. */
export function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/**
 * A peer that reset its connection before it was accepted has no address any more, by which it could be let in, and must not be
 * taken for one of a unix socket, which has none on either end. What it sent could still be read.
 */
export function isGone({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress === undefined && localAddress !== undefined
}
