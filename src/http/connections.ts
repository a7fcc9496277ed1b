import type { Socket } from 'node:net'

import { ClientConnection, keepConnection } from './connection.js'
import type { HttpLimits } from './limits.js'
import type { StageRunner } from './stage-runner.js'

export interface ConnectionsParts {
  readonly limits: HttpLimits
  readonly stages: StageRunner
  /** A connection was closed as it came; the reason is for counters. */
  readonly refused: (reason: string) => void
}

/** All connections of one server: admits them, counts them, and knows them until they end. */
export class Connections {
  readonly #parts: ConnectionsParts
  readonly #open = new Map<Socket, ClientConnection>()
  readonly #perAddress = new Map<string, number>()

  constructor(parts: ConnectionsParts) {
    this.#parts = parts
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
    const connection = new ClientConnection(socket, listener)
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
    const { limits, stages } = this.#parts
    if (this.#open.size >= limits.connections) return 'too_many_connections'
    if ((this.#perAddress.get(connection.address) ?? 0) >= limits.connectionsPerAddress && connection.address !== '')
      return 'too_many_connections_of_address'
    return stages.connect(connection) ? undefined : 'denied_address'
  }

  #add(socket: Socket, connection: ClientConnection): void {
    const { address } = connection
    keepConnection(socket, connection)
    this.#open.set(socket, connection)
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#forget(address)
      this.#parts.stages.close(connection)
    })
  }

  #forget(address: string): void {
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
  }
}

/**
 * A client that reset its connection before it was accepted has no address any more, by which it could be let in, and must not be
 * taken for one of a unix socket, which has none on either end. What it sent could still be read.
 */
function isGone({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress === undefined && localAddress !== undefined
}
