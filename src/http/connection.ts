import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { peerAddress } from '../net/peer-address.js'

/** One connection of a client: what there is to know of it before and beyond its requests. */
export interface Connection {
  /** Of the client; an IPv4 address that came over IPv6 is given as IPv4. Empty for a unix socket. */
  readonly address: string
  readonly port: number
  /** Which address of this server the client came to, as the server tells it when it listens. */
  readonly listener: string
  readonly secure: boolean
  /** Names in the client's certificate, once that was verified: its common name, then its DNS and URI names. */
  readonly certificateNames: readonly string[]
}

/** What the server itself knows of a connection. */
export class ClientConnection implements Connection {
  readonly address: string
  readonly port: number
  readonly listener: string
  /** As it was accepted, below any TLS: it ends whatever is spoken on it. */
  readonly socket: Socket
  secure = false
  certificateNames: readonly string[] = []
  /** Answers of HTTP/1.1 that are not given yet, in their order: a client may ask again before it has one (RFC 9112, section 9.3.2). */
  readonly owed: ServerResponse[] = []
  /** The last of them, or that was owed. */
  latest: ServerResponse | undefined
  /** Of HTTP/1.1, so far. */
  requests = 0

  constructor(socket: Socket, listener: string) {
    this.address = peerAddress(socket)
    this.port = socket.remotePort ?? 0
    this.listener = listener
    this.socket = socket
  }
}

const kept = Symbol('connection')

type Carrier = Socket & { [kept]?: ClientConnection }

/** On the socket itself: HTTP/2 hands out a proxy of it, which passes properties on. */
export function keepConnection(socket: Socket, connection: ClientConnection): void {
  const carrier = socket as Carrier
  carrier[kept] = connection
}

export function connectionOf(socket: Socket): ClientConnection | undefined {
  return (socket as Carrier)[kept]
}
