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
export const keepAliveMs = 30_000

/** What one address gets of the time for all, so that one which swallows every packet leaves some for the next. */
const attemptShare = 0.25

/** Node's own share, 250 ms whatever the deadline, is less than a handshake takes over many a radio link. */
const shortestAttemptMs = 250

/**
 * A connected socket, with TLS where the settings have it. The name is looked up each time and every address is tried. Throws an
 * AgentError: `NET_TIMEOUT`, or `NET_CONNECT` for any other reason; the signal's reason when it is aborted.
 */
export async function connect(target: Target, settings: ConnectSettings): Promise<Socket> {
  const { signal, timeoutMs, tls } = settings
  signal.throwIfAborted()
  const deadline = AbortSignal.timeout(timeoutMs)
  const socket = tls ? await openTls(target, timeoutMs, tls) : open(addressed(target, timeoutMs))
  try {
    await opened(socket, tls ? 'secureConnect' : 'connect', [signal, deadline])
    // Not among the settings of `connect`: those of a TLS socket do not heed them.
    return socket.setNoDelay().setKeepAlive(true, keepAliveMs)
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    const where = `connect to ${targetText(target)}`
    if (deadline.aborted) throw new AgentError('NET_TIMEOUT', `${where}: no answer within ${timeoutMs} ms`)
    throw new AgentError('NET_CONNECT', `${where}: ${reasonOf(error)}`, { cause: error })
  }
}

function addressed(target: Target, timeoutMs: number) {
  const attemptMs = Math.max(shortestAttemptMs, Math.floor(timeoutMs * attemptShare))
  return { ...target, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs }
}

async function openTls(target: Target, timeoutMs: number, tls: TlsSettings): Promise<Socket> {
  const { connect: openSecure } = await import('node:tls')
  return openSecure({ ...addressed(target, timeoutMs), ...tls })
}

/** Listens to the signals one by one: one made of them all would be kept by that which lives as long as the agent. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      for (const signal of signals) signal.removeEventListener('abort', aborted)
      socket.off('error', failed).off(event, succeeded)
      finish()
    }
    const succeeded = (): void => settle(resolve)
    const failed = (error: Error): void => settle(() => reject(error))
    const aborted = ({ target }: Event): void => settle(() => reject((target as AbortSignal).reason as Error))
    for (const signal of signals) signal.addEventListener('abort', aborted)
    socket.once('error', failed).once(event, succeeded)
    // An error that comes after the deadline has passed must not end the process.
    socket.on('error', () => undefined)
    const late = signals.find((signal) => signal.aborted)
    if (late) failed(late.reason as Error)
  })
}

/** Several addresses fail with one error each; their messages are all there is to tell. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error)
}
