import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

import { certificateNames } from '../net/certificate-names.js'
import { isLocal } from '../net/peer-address.js'
import { TlsServer } from '../net/tls-server.js'
import type { TlsServerSettings } from '../net/tls-server-options.js'
import { type ClientConnection, keepConnection } from './connection.js'
import { peekHttp2 } from './http2-preface.js'
import type { HttpLimits } from './limits.js'
import type { ServerContext } from './server-context.js'

export interface FrontParts {
  readonly limits: HttpLimits
  readonly tls: TlsServerSettings | undefined
  readonly http2: boolean
  readonly context: ServerContext
  readonly refused: (reason: string) => void
  /** What the client speaks is known, and nothing of it read. */
  readonly http1Comes: (socket: Socket, connection: ClientConnection) => void
  readonly http2Comes: (socket: Socket, connection: ClientConnection) => void
}

/** Finds out what a client speaks: TLS where the server does, then HTTP/2 or HTTP/1.1. */
export class Front {
  readonly #parts: FrontParts
  readonly #secure: TlsServer | undefined

  constructor(parts: FrontParts) {
    const { tls: settings, http2, context } = parts
    this.#parts = parts
    const protocols = http2 ? ['h2', 'http/1.1'] : ['http/1.1']
    this.#secure = settings && new TlsServer({ settings, protocols, context })
  }

  /** Throws an AgentError `NET_TLS_FILE`. */
  async open(): Promise<void> {
    await this.#secure?.open()
  }

  take(socket: Socket, connection: ClientConnection): void {
    const { http1Comes, http2 } = this.#parts
    if (this.#secure && !isLocal(socket)) this.#takeSecure(this.#secure, socket, connection)
    else if (http2) this.#peek(socket, connection)
    else http1Comes(socket, connection)
  }

  close(): void {
    this.#secure?.close()
  }

  #takeSecure(secure: TlsServer, socket: Socket, connection: ClientConnection): void {
    const { http1Comes, http2Comes, refused } = this.#parts
    const isInTime = this.#deadline(socket)
    const secured = (over: TLSSocket): void => {
      isInTime()
      connection.secure = true
      if (over.authorized) connection.certificateNames = certificateNames(over.getPeerX509Certificate())
      keepConnection(over, connection)
      if (over.alpnProtocol === 'h2') http2Comes(over, connection)
      else http1Comes(over, connection)
    }
    const failed = (): void => void (isInTime() && refused('tls_failed'))
    secure.take({ socket, secured, failed, flooded: () => refused('tls_renegotiated') })
  }

  #peek(socket: Socket, connection: ClientConnection): void {
    const { http1Comes, http2Comes } = this.#parts
    const isInTime = this.#deadline(socket)
    peekHttp2(socket, (isHttp2) => {
      isInTime()
      if (isHttp2) http2Comes(socket, connection)
      else http1Comes(socket, connection)
    })
  }

  /**
   * A client that says nothing, or too little to know what it speaks, is not waited for. What is returned ends the deadline, and
   * tells whether it was kept.
   */
  #deadline(socket: Socket): () => boolean {
    const { context, limits, refused } = this.#parts
    let isInTime = true
    const cancel = context.clock.after(limits.headerMs, () => {
      isInTime = false
      refused('too_slow')
      socket.destroy()
    })
    socket.once('close', cancel)
    return () => {
      cancel()
      socket.off('close', cancel)
      return isInTime
    }
  }
}
