import type { WebSocket } from 'ws'

import { AgentError, messageOf } from '../plugin/errors.js'
import { connect, type ConnectSettings } from './connect.js'
import { type Target, targetText } from './target.js'

export interface WebSocketClientSettings extends ConnectSettings {
  /** Path of the request, with its query. */
  readonly path: string
  readonly headers?: { readonly [name: string]: string }
  /** What is spoken over it, where the server is to agree (RFC 6455, section 1.9). */
  readonly protocol?: string
  /** A server that sends more at once is left. */
  readonly longestMessageBytes: number
}

/**
 * A WebSocket that is open (RFC 6455, section 4). Throws an AgentError as `connect` does, also where the server has not agreed within
 * that time, or `NET_WEBSOCKET` where it does not agree; the signal's reason when it is aborted.
 */
export async function openWebSocket(target: Target, settings: WebSocketClientSettings): Promise<WebSocket> {
  const { path, headers, protocol, timeoutMs, signal } = settings
  // Before there is a socket, which might break while nobody listens.
  const { WebSocket: Client } = await import('ws')
  const deadline = AbortSignal.timeout(timeoutMs)
  const socket = await connect(target, settings)
  const host = 'path' in target ? 'localhost' : targetText(target)
  // TLS, if there is any, is in the socket already.
  const webSocket = new Client(`ws://${host}${path}`, protocol, {
    createConnection: () => socket,
    headers: headers ?? {},
    maxPayload: settings.longestMessageBytes,
    perMessageDeflate: false,
  })
  // Its own `handshakeTimeout` is of no use: nothing sets it on a socket that is handed in.
  const stops = [signal, deadline]
  const abort = (): void => webSocket.terminate()
  for (const stop of stops) stop.addEventListener('abort', abort, { once: true })
  if (stops.some(({ aborted }) => aborted)) abort()
  try {
    await new Promise<void>((resolve, reject) => void webSocket.once('open', resolve).on('error', reject))
    return webSocket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    if (deadline.aborted) throw late(target, timeoutMs)
    const where = `${targetText(target)}${path.replace(/\?.*/s, '')}`
    throw new AgentError('NET_WEBSOCKET', `${where}: ${messageOf(error)}`, { cause: error })
  } finally {
    for (const stop of stops) stop.removeEventListener('abort', abort)
  }
}

function late(target: Target, timeoutMs: number): AgentError {
  return new AgentError('NET_TIMEOUT', `${targetText(target)}: no WebSocket within ${timeoutMs} ms`)
}
