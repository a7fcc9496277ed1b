import { createServer, type Server, type Socket } from 'node:net'

import { AgentError, messageOf } from '../plugin/errors.js'
import { keepAliveMs } from '../net/connect.js'
import { type Target, targetText } from '../net/target.js'

export interface Listener {
  /** The address as it came to be, such as `127.0.0.1:8080`. */
  readonly address: string
  /** Takes no more connections; those there are go on. */
  close(): void
}

export interface ListenerParts {
  readonly target: Target
  readonly connected: (socket: Socket, listener: string) => void
  /** It can listen no longer. */
  readonly failed: (error: Error) => void
}

/** Connections that wait to be accepted. */
const backlog = 511

/** Listens on one address. Throws an AgentError `HTTP_LISTEN`. */
export function openListener({ target, connected, failed }: ListenerParts): Promise<Listener> {
  const options = { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }
  return new Promise((resolve, reject) => {
    let address = targetText(target)
    const server = createServer(options, (socket) => connected(socket, address))
    const refused = (error: Error): void => reject(listenError(target, error))
    server.once('error', refused)
    server.listen({ ...target, backlog }, () => {
      server.off('error', refused).on('error', (error) => failed(listenError(target, error)))
      address = addressOf(server, target)
      resolve({ address, close: () => void server.close() })
    })
  })
}

function listenError(target: Target, error: Error): AgentError {
  return new AgentError('HTTP_LISTEN', `listen on ${targetText(target)}: ${messageOf(error)}`, { cause: error })
}

function addressOf(server: Server, target: Target): string {
  const bound = server.address()
  return 'host' in target && bound !== null && typeof bound === 'object'
    ? targetText({ host: target.host, port: bound.port })
    : targetText(target)
}
