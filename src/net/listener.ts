import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'

import { AgentError, messageOf } from '../plugin/errors.js'
import { keepAliveMs } from './connect.js'
import { addressText, type ListenAddress } from './listen-address.js'

export interface Listener {
  /** The address as it came to be, such as `127.0.0.1:8080`. */
  readonly address: string
  /** Takes no more connections; those there are go on. */
  close(): void
}

export interface ListenerParts<A = ListenAddress> {
  readonly address: A
  readonly connected: (socket: Socket, listener: string) => void
  /** It can listen no longer. */
  readonly failed: (error: Error) => void
}

/** What Node's `listen` takes; its types leave out the file descriptor, and what later versions have. */
type Where = (ListenOptions & { readonly reusePort?: boolean }) | { readonly fd: number }

/** Connections that wait to be accepted. */
const backlog = 511

/** Half open: a client that has sent all it will send may still wait for its answers. */
const options = { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }

/** Begins to listen as Node is told by `where`; `named` gives the address as it came to be. Throws an AgentError `NET_LISTEN`. */
export function listenOn(
  { address, connected, failed }: ListenerParts,
  where: Where,
  named: (server: Server) => string = () => addressText(address),
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    let name = ''
    const server = createServer(options, (socket) => connected(socket, name))
    const refused = (error: Error): void => reject(listenError(address, error))
    server.once('error', refused)
    server.listen({ ...where, backlog }, () => {
      server.off('error', refused).on('error', (error) => failed(listenError(address, error)))
      name = named(server)
      resolve({ address: name, close: () => void server.close() })
    })
  })
}

export function listenError(address: ListenAddress, cause: unknown): AgentError {
  return new AgentError('NET_LISTEN', `listen on ${addressText(address)}: ${messageOf(cause)}`, { cause })
}
