import type { Socket } from 'node:net'

import { Admission } from '../net/admission.js'
import { isGone } from '../net/peer-address.js'
import type { TrustedProxies } from '../net/trusted-proxies.js'
import { ClientConnection, keepConnection } from './connection.js'
import type { HttpLimits } from './limits.js'
import type { StageRunner } from './stage-runner.js'

export interface ConnectionsParts {
  readonly limits: HttpLimits
  readonly stages: StageRunner
  readonly proxies: TrustedProxies | undefined
  /** A connection was closed as it came; the reason is for counters. */
  readonly refused: (reason: string) => void
}

/** All connections of one server: admits them, counts them, and knows them until they end. */
export class Connections {
  readonly #parts: ConnectionsParts
  readonly #open = new Map<Socket, ClientConnection>()
  readonly #admission: Admission

  constructor(parts: ConnectionsParts) {
    this.#parts = parts
    this.#admission = new Admission(parts.limits)
  }

  get count(): number {
    return this.#open.size
  }

  get all(): IterableIterator<ClientConnection> {
    return this.#open.values()
  }

  /** Stage 10; undefined, and the socket closed, where the connection is not let in. */
  admit(socket: Socket, listener: string): ClientConnection | undefined {
    socket.on('error', () => undefined) // the end of the socket is what counts
    if (isGone(socket)) {
      socket.destroy()
      return undefined
    }
    const connection = new ClientConnection(socket, listener, this.#parts.proxies)
    const reason = this.#refusal(connection)
    if (reason !== undefined) {
      this.#parts.refused(reason)
      socket.destroy()
      return undefined
    }
    this.#add(socket, connection)
    return connection
  }

  closeAll(): void {
    for (const socket of this.#open.keys()) socket.destroy()
  }

  #refusal(connection: ClientConnection): string | undefined {
    const reason = this.#admission.refusal(countedAs(connection))
    if (reason !== undefined) return reason
    return this.#parts.stages.connect(connection) ? undefined : 'denied_address'
  }

  #add(socket: Socket, connection: ClientConnection): void {
    const address = countedAs(connection)
    keepConnection(socket, connection)
    this.#open.set(socket, connection)
    this.#admission.add(address)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#admission.remove(address)
      this.#parts.stages.close(connection)
    })
  }
}

/** Many clients come over the connections of one proxy: these are limited in all alone. */
function countedAs({ address, isTrustedProxy }: ClientConnection): string {
  return isTrustedProxy ? '' : address
}
