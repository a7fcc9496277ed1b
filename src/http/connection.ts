import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { peerAddress, peerPort } from '../net/peer-address.js'
import type { TrustedProxies } from '../net/trusted-proxies.js'

/** One connection of a client: what there is to know of it before and beyond its requests. */
export interface Connection {
  /**
   * Of whoever connected, or of the client that the PROXY protocol tells of; an IPv4 address that came over IPv6 is given as IPv4.
   * Empty for a unix socket. Who is behind a proxy that speaks HTTP only a request tells: see `HttpExchange.clientAddress`.
   */
  readonly address: string
  readonly port: number
  /** Whether that is a proxy which is believed when its requests say for whom they are. */
  readonly isTrustedProxy: boolean
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
  readonly isTrustedProxy: boolean
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

  constructor(socket: Socket, listener: string, proxies?: TrustedProxies) {
    this.address = peerAddress(socket)
    this.port = peerPort(socket)
    this.isTrustedProxy = proxies?.has(this.address) ?? false
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
