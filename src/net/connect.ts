import { connect as open, type Socket } from 'node:net'

import { AgentError, messageOf } from '../plugin/errors.js'
import { type Target, targetText } from './target.js'
import type { TlsSettings } from './tls-options.js'

export interface ConnectSettings {
  /** For all of it: the look-up of the name, every address that it has, the TLS handshake. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly tls?: TlsSettings | undefined
}

/** Waits this long for an acknowledgement of the peer's kernel before it probes whether the peer is still there. */
const keepAliveMs = 30_000

/**
 * A connected socket, with TLS where the settings have it. The name is looked up each time and every address is tried. Throws an
 * AgentError: `NET_TIMEOUT`, or `NET_CONNECT` for any other reason; the signal's reason when it is aborted.
 */
export async function connect(target: Target, settings: ConnectSettings): Promise<Socket> {
  settings.signal.throwIfAborted()
  const deadline = AbortSignal.timeout(settings.timeoutMs)
  const socket = settings.tls ? await openTls(target, settings.tls) : openPlain(target)
  try {
    await opened(socket, settings.tls ? 'secureConnect' : 'connect', AbortSignal.any([settings.signal, deadline]))
    return socket
  } catch (error) {
    socket.destroy()
    if (settings.signal.aborted) throw settings.signal.reason
    const where = `connect to ${targetText(target)}`
    if (deadline.aborted) throw new AgentError('NET_TIMEOUT', `${where}: no answer within ${settings.timeoutMs} ms`)
    throw new AgentError('NET_CONNECT', `${where}: ${reasonOf(error)}`, { cause: error })
  }
}

const socketSettings = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs } as const

function openPlain(target: Target): Socket {
  return open({ ...target, ...socketSettings })
}

async function openTls(target: Target, tls: TlsSettings): Promise<Socket> {
  const { connect: openSecure } = await import('node:tls')
  return openSecure({ ...target, ...socketSettings, ...tls })
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => (): void => {
      signal.removeEventListener('abort', aborted)
      socket.off('error', failed).off(event, succeeded)
      finish()
    }
    const aborted = settle(() => reject(signal.reason as Error))
    const succeeded = settle(resolve)
    const failed = (error: Error): void => settle(() => reject(error))()
    if (signal.aborted) return aborted()
    signal.addEventListener('abort', aborted, { once: true })
    socket.once('error', failed).once(event, succeeded)
    // An error that comes after the deadline has passed must not end the process.
    socket.on('error', () => undefined)
  })
}

/** Several addresses fail with one error each; their messages are all there is to tell. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error)
}
