import type { Duplex } from 'node:stream'
import { connect } from '../net/connect.js'
import { targetText } from '../net/target.js'
import { AgentError } from '../plugin/errors.js'
import type { ClientSettings } from './client-settings.js'

type TransportSettings = Pick<ClientSettings, 'target' | 'connectTimeoutMs' | 'tls' | 'webSocketPath'>

/** The bytes to a broker and back: a socket, or a WebSocket within it. Throws an AgentError of `connect`, or `MQTT_WEBSOCKET`. */
export async function openTransport(settings: TransportSettings, signal: AbortSignal): Promise<Duplex> {
  const { target, connectTimeoutMs, tls, webSocketPath } = settings
  const socket = await connect(target, { timeoutMs: connectTimeoutMs, signal, tls: tls() })
  return webSocketPath === undefined ? socket : openWebSocket(socket, settings, signal)
}

/** MQTT 5.0, section 6: binary frames, and "mqtt" as the name of the protocol. */
async function openWebSocket(socket: Duplex, settings: TransportSettings, signal: AbortSignal): Promise<Duplex> {
  const { target, connectTimeoutMs, webSocketPath = '/' } = settings
  const { createWebSocketStream, WebSocket } = await import('ws')
  // TLS, if there is any, is in the socket already.
  const webSocket = new WebSocket(
    `ws://${'path' in target ? 'localhost' : targetText(target)}${webSocketPath}`,
    'mqtt',
    {
      createConnection: () => socket,
      handshakeTimeout: connectTimeoutMs,
      perMessageDeflate: false,
    },
  )
  const abort = (): void => webSocket.terminate()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => void webSocket.once('open', resolve).on('error', reject))
    return createWebSocketStream(webSocket)
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    const where = `WebSocket to ${targetText(target)}${webSocketPath}`
    throw new AgentError('MQTT_WEBSOCKET', `${where}: ${(error as Error).message}`, { cause: error })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
