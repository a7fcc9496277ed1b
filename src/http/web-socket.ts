import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketServer } from 'ws'

import { messageOf } from '../plugin/errors.js'
import { HttpError } from './http-error.js'
import type { HttpExchange } from './http-exchange.js'
import { isAllowedOrigin } from './origin.js'
import { WebSocketPeer, type WebSocketPeerSettings } from './web-socket-peer.js'

export interface WebSocketSettings extends WebSocketPeerSettings {
  /** Longest message that the client may send; a longer one closes the connection with 1009. */
  readonly messageBytes: number
  /** Origins of pages that may connect besides those of this host, such as `https://panel.example`; `*` for any. */
  readonly origins?: readonly string[]
  /** Subprotocols that this end speaks, the one it likes best first; none unless given. */
  readonly protocols?: readonly string[]
}

/**
 * Makes an upgraded connection one of WebSocket (RFC 6455). Throws an HttpError: 403 for a page of a foreign origin, 400 for
 * what is no handshake of this protocol.
 */
export async function acceptWebSocket(
  exchange: HttpExchange,
  socket: Duplex,
  head: Buffer,
  settings: WebSocketSettings,
): Promise<WebSocketPeer> {
  checkRequest(exchange, settings.origins ?? [])
  const server = await serverFor(settings)
  return new Promise((resolve, reject) => {
    server.once('wsClientError', (error) => reject(badHandshake(error)))
    // Upgrades are HTTP/1.1's alone.
    server.handleUpgrade(exchange.request as IncomingMessage, socket, head, (webSocket) => {
      exchange.isUpgraded = true
      const peer = new WebSocketPeer(webSocket, socket, settings)
      closeAtStop(peer, exchange.stopping)
      resolve(peer)
    })
  })
}

async function serverFor({ messageBytes, protocols = [] }: WebSocketSettings): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  })
}

function badHandshake(error: Error): HttpError {
  const headers = { 'sec-websocket-version': '13' } // the only one that there is (RFC 6455, section 4.4)
  return new HttpError(400, `WebSocket: ${messageOf(error)}`, { headers, reason: 'bad_handshake' })
}

function checkRequest(exchange: HttpExchange, origins: readonly string[]): void {
  if (!isAllowedOrigin(exchange.header('origin'), exchange.header('host') ?? '', origins))
    throw new HttpError(403, 'pages of this origin may not connect', { reason: 'foreign_origin' })
}

/** 1001: this end goes away (RFC 6455, section 7.4.1). */
function closeAtStop(peer: WebSocketPeer, stopping: AbortSignal): void {
  const stop = (): void => peer.close(1001)
  if (stopping.aborted) return stop()
  stopping.addEventListener('abort', stop)
  void peer.closed.then(() => stopping.removeEventListener('abort', stop))
}
