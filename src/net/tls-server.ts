import type { Socket } from 'node:net'
import type { SecureContext, Server, TLSSocket } from 'node:tls'

import type { PluginContext } from '../plugin/context.js'
import { Certificates } from './certificates.js'
import { passPeer } from './peer-address.js'
import type { TlsServerSettings } from './tls-server-options.js'

export interface TlsServerParts {
  readonly settings: TlsServerSettings
  /** What may be spoken over it, by the names of ALPN (RFC 7301); none where the client is not asked. */
  readonly protocols?: readonly string[]
  readonly context: Pick<PluginContext, 'clock' | 'log'>
}

export interface Securing {
  /** As it was accepted. */
  readonly socket: Socket
  /** The handshake is done. */
  readonly secured: (socket: TLSSocket) => void
  /** The connection ended before. */
  readonly failed: () => void
  /** The client asked for handshake after handshake (a renegotiation, TLS 1.2); Node ends the connection at the fourth of ten minutes. */
  readonly flooded: () => void
}

/** Speaks TLS on connections that were accepted. */
export class TlsServer {
  readonly #parts: TlsServerParts
  readonly #certificates: Certificates
  readonly #waiting = new Map<string, Securing>()
  #ofHosts: ReadonlyMap<string, SecureContext> = new Map()
  #server: Server | undefined

  constructor(parts: TlsServerParts) {
    this.#parts = parts
    this.#certificates = new Certificates(parts.settings, parts.context, ({ ofServer, ofHosts }) => {
      this.#server?.setSecureContext(ofServer)
      this.#ofHosts = ofHosts
    })
  }

  /** Throws an AgentError `NET_TLS_FILE`. */
  async open(): Promise<void> {
    const { createServer } = await import('node:tls')
    const { settings, protocols } = this.#parts
    this.#server = createServer({
      ...(protocols ? { ALPNProtocols: [...protocols] } : {}),
      requestCert: settings.clientCertificate !== 'off',
      rejectUnauthorized: settings.clientCertificate === 'require',
      SNICallback: (name, done) => done(null, this.#contextOf(name)),
    })
    this.#server.on('secureConnection', (socket) => this.#secured(socket))
    // Node leaves the connection as it is.
    this.#server.on('tlsClientError', (_error, socket) => void socket.destroy())
    await this.#certificates.open()
  }

  take(securing: Securing): void {
    const { socket, failed } = securing
    const key = endsOf(socket)
    this.#waiting.set(key, securing)
    socket.once('close', () => this.#waiting.delete(key) && failed())
    // Whoever says no more cannot finish a handshake. It is for TLS to notice, which takes this over from the socket.
    socket.allowHalfOpen = false
    this.#server?.emit('connection', socket)
  }

  close(): void {
    this.#certificates.close()
  }

  #secured(socket: TLSSocket): void {
    // Node does not tell which connection this was; its two ends do.
    const key = endsOf(socket)
    const found = this.#waiting.get(key)
    this.#waiting.delete(key)
    socket.allowHalfOpen = true
    if (!found) return void socket.destroy()
    socket.on('error', ({ code }: NodeJS.ErrnoException) => code === 'ERR_TLS_SESSION_ATTACK' && found.flooded())
    passPeer(found.socket, socket)
    found.secured(socket)
  }

  /** Undefined stands for the certificate of the server. */
  #contextOf(name: string): SecureContext | undefined {
    const host = name.toLowerCase()
    return this.#ofHosts.get(host) ?? this.#ofHosts.get(`*${host.slice(host.indexOf('.'))}`)
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
