import { createServer, type Server, type Socket } from 'node:net'

import { AgentError, messageOf } from '../plugin/errors.js'
import { keepAliveMs } from './connect.js'
import { type Target, targetText } from './target.js'

export interface ServeSettings {
  readonly target: Target
  /** Connections beyond this many are closed as they come, and told to `refused`. */
  readonly maxConnections: number
  /** Owns one connection until it returns or throws; then the socket is closed, as it is when the signal is aborted. */
  readonly connected: (socket: Socket, signal: AbortSignal) => Promise<void>
  /** Called once, with the port that the system chose where the target's is 0. */
  readonly listening?: (port: number | undefined) => void
  readonly refused?: () => void
  /** A connection ended with an error. */
  readonly failed?: (error: unknown) => void
}

/**
 * Listens until the signal is aborted; then closes every connection and waits for those who own them. Throws an AgentError
 * `NET_LISTEN` when it cannot listen, or no longer.
 */
export async function serve(settings: ServeSettings, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const closing = new AbortController()
  const owned = new Set<Promise<void>>()
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }, (socket) => {
    const done = own(socket, settings, closing.signal).finally(() => owned.delete(done))
    owned.add(done)
  })
  server.maxConnections = settings.maxConnections
  server.on('drop', () => settings.refused?.())
  try {
    await listenUntil(server, settings, signal)
  } catch (error) {
    throw new AgentError('NET_LISTEN', `listen on ${targetText(settings.target)}: ${messageOf(error)}`, {
      cause: error,
    })
  } finally {
    server.close()
    closing.abort()
    await Promise.all(owned)
  }
}

/** Resolves when the signal is aborted, rejects when the server fails, be it before it listens or after. */
function listenUntil(server: Server, { target, listening }: ServeSettings, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    server.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      reject(error)
    })
    server.listen(target, () => listening?.(portOf(server)))
  })
}

async function own(socket: Socket, { connected, failed }: ServeSettings, signal: AbortSignal): Promise<void> {
  // Reads and writes report the error to whoever waits for them.
  socket.on('error', () => undefined)
  const close = (): void => void socket.destroy()
  signal.addEventListener('abort', close, { once: true })
  try {
    await connected(socket, signal)
  } catch (error) {
    if (!signal.aborted) failed?.(error)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
}
