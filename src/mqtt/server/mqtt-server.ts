import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { certificateNames } from '../../net/certificate-names.js'
import { peerAddress } from '../../net/peer-address.js'
import { serve, type ServeSettings } from '../../net/serve.js'
import { messageOf } from '../../plugin/errors.js'
import type { Inlet } from '../receive/inlet.js'
import type { WillMessage } from '../wire/connect-packet.js'
import { Publish } from '../wire/publish.js'
import { type Caller, ClientConnection } from './client-connection.js'
import type { Door } from './door.js'
import type { ServerContext, ServerLimits, ServerParts } from './server-settings.js'
import { Sessions } from './sessions.js'

export interface MqttServerSettings {
  readonly limits: ServerLimits
  /** Sessions without a connection. */
  readonly maxSessions: number
  readonly door: Door
  readonly inlet: Inlet
}

/** How often it is looked whether something takes too long. */
const sweepMs = 1000

/** Takes what clients publish, as the receiving half of a broker; sessions outlive its runs. */
export class MqttServer {
  readonly #parts: ServerParts
  readonly #connections = new Set<ClientConnection>()

  constructor({ maxSessions, ...parts }: MqttServerSettings, context: ServerContext) {
    const sessions = new Sessions({
      maxAbsent: maxSessions,
      memory: context,
      clock: context.clock,
      publish: (will) => this.#publish(will),
    })
    this.#parts = { ...parts, context, sessions }
  }

  /** Serves until the signal is aborted. Throws what `serve` of sluice/net throws. */
  async run(
    settings: Pick<ServeSettings, 'listen' | 'tls' | 'proxies' | 'limits'>,
    signal: AbortSignal,
  ): Promise<void> {
    const stop = new AbortController()
    const sweeping = this.#sweep(stop.signal)
    // Before `serve` hears of it, which destroys their sockets.
    const shutDown = (): void => {
      for (const connection of this.#connections) connection.shutDown()
    }
    signal.addEventListener('abort', shutDown, { once: true })
    try {
      await serve({ ...settings, connected: (socket) => this.#connected(socket) }, this.#parts.context, signal)
    } finally {
      signal.removeEventListener('abort', shutDown)
      stop.abort()
      await sweeping
    }
  }

  async #connected(socket: Socket): Promise<void> {
    const connection = new ClientConnection(socket, callerOf(socket), this.#parts)
    this.#connections.add(connection)
    await connection.run()
    this.#connections.delete(connection)
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.context
    while (!signal.aborted) {
      await clock.sleep(sweepMs, signal)
      const now = clock.monotonic()
      for (const connection of this.#connections) connection.sweep(now)
      this.#parts.sessions.sweep(now)
    }
  }

  #publish({ topic, payload }: WillMessage): void {
    const { context, inlet } = this.#parts
    context.count('wills')
    try {
      inlet.take(Publish.of(topic, payload))
      inlet.flush()
    } catch (error) {
      context.log.warn('a will could not be taken', { reason: messageOf(error) })
    }
  }
}

function callerOf(socket: Socket | TLSSocket): Caller {
  const isVerified = 'authorized' in socket && socket.authorized
  return {
    address: peerAddress(socket),
    certificateNames: isVerified ? certificateNames(socket.getPeerX509Certificate()) : [],
  }
}
