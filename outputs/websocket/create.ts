import { checkedHeaders } from 'sluice/http-client'
import {
  openWebSocket,
  readTlsSettings,
  SendingOutput,
  serverConnections,
  type ServerOf,
  type Target,
} from 'sluice/net'
import { datedFormatter, type Output, type OutputContext, type ValuesOf } from 'sluice/plugin'
import type { webSocketOptions } from './options.js'
import { WebSocketSender } from './web-socket-sender.js'

export type WebSocketOptions = ValuesOf<typeof webSocketOptions>

/** Whatever the server sends is left. */
const longestMessageBytes = 64 * 1024

export function createWebSocket(options: WebSocketOptions, context: OutputContext): Output {
  const formatter = datedFormatter(options, context)
  const binary = formatter.contentType.includes('msgpack') || formatter.contentType.includes('protobuf')
  const open = async ({ where, target, options: own }: ServerOf<WebSocketOptions>, signal: AbortSignal) => {
    const { uri: path, ping_timeout: timeoutMs, 'net.connect_timeout': connectTimeoutMs } = own
    const tls = readTlsSettings(own)
    const headers = checkedHeaders(own.header)
    const limits = { timeoutMs: connectTimeoutMs, longestMessageBytes, signal }
    const webSocket = await openWebSocket(target, { path, headers, tls, ...limits })
    return new WebSocketSender(webSocket, { where, timeoutMs, clock: context.clock, binary })
  }
  const connections = serverConnections(options, context, targetOf, open)
  for (const server of connections.servers) checkedHeaders(server.options.header)
  return new SendingOutput({
    where: connections.where,
    connections,
    encode({ chunks }) {
      const refused = new Map<number, string>()
      const payload = formatter.format(chunks, (index, reason) => void refused.set(index, reason))
      return { payload, refused }
    },
  })
}

function targetOf({ host, port, tls }: WebSocketOptions): Target {
  return { host, port: port ?? (tls ? 443 : 80) }
}
