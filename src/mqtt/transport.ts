import type { Duplex } from 'node:stream'
import { connect } from '../net/connect.js'
import { openWebSocket } from '../net/open-web-socket.js'
import type { ClientSettings } from './client-settings.js'

type TransportSettings = Pick<ClientSettings, 'target' | 'connectTimeoutMs' | 'tls' | 'webSocketPath'>

/** Of WebSocket: several packets may come in one. How long a packet may be is for MQTT to say. */
const longestMessageBytes = 100 * 1024 * 1024

/** The bytes to a broker and back: a socket, or a WebSocket within it. Throws an AgentError of `connect` or `openWebSocket`. */
export async function openTransport(settings: TransportSettings, signal: AbortSignal): Promise<Duplex> {
  const { target, connectTimeoutMs: timeoutMs, webSocketPath: path } = settings
  const by = { timeoutMs, signal, tls: settings.tls() }
  if (path === undefined) return connect(target, by)
  const { createWebSocketStream } = await import('ws')
  // MQTT 5.0, section 6: binary frames, and "mqtt" as the name of the protocol.
  return createWebSocketStream(await openWebSocket(target, { ...by, path, protocol: 'mqtt', longestMessageBytes }))
}
