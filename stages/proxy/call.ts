import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from 'sluice/plugin'
import { Late } from './upstream-failure.js'

/** What an upstream says: an answer, or that it speaks the other protocol from now on. */
export interface Answer {
  readonly message: IncomingMessage
  readonly tunnel?: { readonly socket: Duplex; readonly head: Buffer }
}

/** How long a silent connection goes unprobed. */
const keepAliveMs = 30_000

/** Resolves when the request has a connection. Throws whatever kept it from getting one in time. */
export function connected(request: ClientRequest, clock: Clock, timeoutMs: number): Promise<void> {
  const cancel = clock.after(timeoutMs, () => request.destroy(new Late('no connection', timeoutMs)))
  return new Promise<void>((resolve, reject) => {
    request.on('error', reject)
    request.once('socket', (socket) => {
      socket.setKeepAlive(true, keepAliveMs)
      if (!socket.connecting) resolve()
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => resolve())
    })
  }).finally(cancel)
}

/** The head of the answer. */
export function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('response', (message) => resolve({ message }))
    request.once('upgrade', (message, socket, head) => resolve({ message, tunnel: { socket, head } }))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the connection was closed')))
  })
}
