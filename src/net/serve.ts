import { createServer, type Server, type Socket } from 'node:net'

import { AgentError, messageOf } from '../plugin/errors.js'
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

/** Listens until the signal is aborted; then closes every connection. Throws an AgentError `NET_LISTEN` when it cannot listen. */
export async function serve(settings: ServeSettings, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const open = new Set<Promise<void>>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const done = own(socket, settings, signal).finally(() => open.delete(done))
    open.add(done)
  })
  server.maxConnections = settings.maxConnections
  server.on('drop', () => settings.refused?.())
  try {
    await listen(server, settings.target)
    settings.listening?.(portOf(server))
    await until(signal, server)
  } finally {
    server.close()
    await Promise.all(open)
  }
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

function listen(server: Server, target: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new AgentError('NET_LISTEN', `listen on ${targetText(target)}: ${messageOf(error)}`, { cause: error }))
    })
    server.listen(target, resolve)
  })
}

function until(signal: AbortSignal, server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    server.once('error', reject)
  })
}

function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
}
