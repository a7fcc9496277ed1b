import type { Socket } from 'node:net'

import type { PluginContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import { Admission, type AdmissionLimits } from './admission.js'
import type { ListenAddress } from './listen-address.js'
import { Listeners } from './listeners.js'
import { isGone, isLocal, peerAddress } from './peer-address.js'
import { ProxyHeaders } from './proxy-headers.js'
import { TlsServer } from './tls-server.js'
import type { TlsServerSettings } from './tls-server-options.js'
import type { ProxySettings } from './trusted-proxies.js'
import { untilStopped } from './until-stopped.js'

export interface ServeLimits extends AdmissionLimits {
  /** For a TLS handshake, and for the header of a proxy before it. */
  readonly handshakeMs: number
}

export interface ServeSettings {
  readonly listen: readonly ListenAddress[]
  /** Spoken on all addresses but unix sockets. */
  readonly tls?: TlsServerSettings | undefined
  readonly limits: ServeLimits
  /** Those in front of it, if any. */
  readonly proxies?: ProxySettings | undefined
  /**
   * Owns one connection until it returns, when what was written still goes out, or throws. A peer that ends its side may wait for
   * answers still. The signal is aborted, and the socket destroyed, when the server stops.
   */
  readonly connected: (socket: Socket, signal: AbortSignal) => Promise<void>
}

/** What a peer gets to take the rest of what was written to it. */
const lastBytesMs = 5000

/** What a server tells, and counts: `refused_REASON`, `broken_connections`. */
export type ServeContext = Pick<PluginContext, 'clock' | 'log' | 'count'>

/**
 * Listens until the signal is aborted; then closes every connection and waits for those who own them. Throws an AgentError:
 * `NET_LISTEN` when it cannot listen, or no longer, `NET_TLS_FILE` where a certificate cannot be used.
 */
export async function serve(settings: ServeSettings, context: ServeContext, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const server = new StreamServer(settings, context)
  try {
    await untilStopped(signal, (failed) => server.listen(failed))
  } finally {
    await server.stop()
  }
}

class StreamServer {
  readonly #settings: ServeSettings
  readonly #context: ServeContext
  readonly #admission: Admission
  readonly #tls: TlsServer | undefined
  readonly #proxyHeaders: ProxyHeaders | undefined
  readonly #listeners = new Listeners()
  readonly #open = new Set<Socket>()
  readonly #owned = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(settings: ServeSettings, context: ServeContext) {
    this.#settings = settings
    this.#context = context
    this.#admission = new Admission(settings.limits)
    this.#proxyHeaders = proxyHeaders(settings, context, (reason) => this.#refuse(reason))
    this.#tls = settings.tls && new TlsServer({ settings: settings.tls, context })
  }

  async listen(failed: (error: Error) => void): Promise<void> {
    const connected = (socket: Socket): void => {
      if (this.#proxyHeaders) this.#proxyHeaders.take(socket, () => this.#accepted(socket))
      else this.#accepted(socket)
    }
    await this.#tls?.open()
    if (!(await this.#listeners.open(this.#settings.listen, { connected, failed }))) return this.#close()
    this.#context.log.info('listening', { addresses: this.#listeners.addresses.join(', ') })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#close()
    for (const socket of this.#open) socket.destroy()
    await Promise.all(this.#owned)
  }

  #close(): void {
    this.#listeners.close()
    this.#proxyHeaders?.close()
    this.#tls?.close()
  }

  #accepted(socket: Socket): void {
    // Reads and writes report the error to whoever waits for them.
    socket.on('error', () => undefined)
    const address = this.#countedAs(socket)
    const reason = isGone(socket) ? 'gone' : this.#admission.refusal(address)
    if (reason !== undefined) {
      this.#refuse(reason)
      socket.destroy()
      return
    }
    this.#add(socket, address)
    if (this.#tls && !isLocal(socket)) this.#secure(this.#tls, socket)
    else this.#own(socket)
  }

  /** Many clients come over the connections of one proxy: these are limited in all alone. */
  #countedAs(socket: Socket): string {
    const address = peerAddress(socket)
    return this.#settings.proxies?.trusted.has(address) === true ? '' : address
  }

  #add(socket: Socket, address: string): void {
    this.#admission.add(address)
    this.#open.add(socket)
    socket.once('close', () => {
      this.#admission.remove(address)
      this.#open.delete(socket)
    })
  }

  #secure(tls: TlsServer, socket: Socket): void {
    const cancel = this.#context.clock.after(this.#settings.limits.handshakeMs, () => socket.destroy())
    tls.take({
      socket,
      secured: (over) => {
        cancel()
        this.#own(over)
      },
      failed: () => {
        cancel()
        if (!this.#stop.signal.aborted) this.#refuse('tls_failed')
      },
      flooded: () => this.#refuse('tls_renegotiated'),
    })
  }

  #own(socket: Socket): void {
    const done = this.#serve(socket).finally(() => this.#owned.delete(done))
    this.#owned.add(done)
  }

  async #serve(socket: Socket): Promise<void> {
    const { signal } = this.#stop
    try {
      await this.#settings.connected(socket, signal)
      this.#end(socket)
    } catch (error) {
      socket.destroy()
      if (signal.aborted) return
      this.#context.count('broken_connections')
      this.#context.log.warn('connection broke off', { reason: messageOf(error) })
    }
  }

  /** A peer that takes nothing of what is left for it is not waited for. */
  #end(socket: Socket): void {
    socket.destroySoon()
    if (socket.closed) return
    const cancel = this.#context.clock.after(lastBytesMs, () => socket.destroy())
    socket.once('close', cancel)
  }

  #refuse(reason: string): void {
    this.#context.count(`refused_${reason}`)
    // In the message: the log holds back what it has just said.
    this.#context.log.warn(`refused a connection: ${reason}`)
  }
}

function proxyHeaders(
  { proxies, limits: { handshakeMs: longestMs, connections: most } }: ServeSettings,
  { clock }: ServeContext,
  refused: (reason: string) => void,
): ProxyHeaders | undefined {
  return proxies?.protocol ? new ProxyHeaders({ trusted: proxies.trusted, longestMs, most, clock, refused }) : undefined
}
