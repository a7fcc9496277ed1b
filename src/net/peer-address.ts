import type { Socket } from 'node:net'

import { withoutMapping } from './network.js'

/** One end of a connection. */
export interface Peer {
  readonly address: string
  readonly port: number
}

const told = Symbol('peer')

type Carrier = Socket & { [told]?: Peer }

/** Who is at the other end of what is spoken on the socket, as a proxy tells it that passes on what both say. */
export function setPeer(socket: Socket, peer: Peer): void {
  const carrier = socket as Carrier
  carrier[told] = peer
}

/** What is known of the peer of one socket is so of another, which lies over it. */
export function passPeer(from: Socket, to: Socket): void {
  const peer = (from as Carrier)[told]
  if (peer) setPeer(to, peer)
}

/** Of the peer; an IPv4 address that came over IPv6 is given as IPv4. Empty for a unix socket. */
export function peerAddress(socket: Socket): string {
  return (socket as Carrier)[told]?.address ?? withoutMapping(socket.remoteAddress ?? '')
}

/** Of the peer; 0 for a unix socket. */
export function peerPort(socket: Socket): number {
  return (socket as Carrier)[told]?.port ?? socket.remotePort ?? 0
}

/** Whether it is a unix socket, whoever is behind the process that opened it. Not to be asked of a socket that is gone. */
export function isLocal({ remoteAddress }: Socket): boolean {
  return remoteAddress === undefined
}

/**
 * A peer that reset its connection before it was accepted has no address any more, by which it could be let in, and must not be
 * taken for one of a unix socket, which has none on either end. What it sent could still be read.
 */
export function isGone({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress === undefined && localAddress !== undefined
}
