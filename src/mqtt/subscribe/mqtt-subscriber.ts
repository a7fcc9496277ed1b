import { Unreleased } from '../receive/unreleased.js'
import type { ServerContext } from '../server/server-settings.js'
import { openTransport } from '../transport.js'
import { BrokerConnection } from './broker-connection.js'
import type { SubscriberParts, SubscriberSettings } from './subscriber-settings.js'

/** How often it is looked whether the broker is still there. */
const sweepMs = 1000

/**
 * Takes the messages of a broker's topics and acknowledges each when the promise of the `ack` level holds for it. Its own half of the
 * protocol: the package `mqtt` acknowledges one message before it looks at the next, so that each would wait for a disk or an output.
 */
export class MqttSubscriber {
  readonly #parts: SubscriberParts
  #connection: BrokerConnection | undefined

  constructor(settings: SubscriberSettings, context: ServerContext) {
    const unreleased = new Unreleased(context)
    this.#parts = { ...settings, context, unreleased, sendLate: (bytes) => this.#connection?.send(bytes) }
  }

  /** One connection, until the signal is aborted. Throws an AgentError as soon as it ends otherwise; it may be run again. */
  async run(signal: AbortSignal): Promise<void> {
    const { client, context } = this.#parts
    const stream = await openTransport(client, signal)
    const connection = new BrokerConnection(stream, this.#parts)
    this.#connection = connection
    const ended = new AbortController()
    const leave = (): void => connection.leave()
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    const sweeping = this.#sweep(connection, ended.signal)
    try {
      await connection.run()
      context.log.info('left the broker', { broker: client.where })
    } finally {
      this.#connection = undefined
      signal.removeEventListener('abort', leave)
      ended.abort()
      await sweeping
    }
  }

  async #sweep(connection: BrokerConnection, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.context
    while (!signal.aborted) {
      await clock.sleep(sweepMs, signal)
      connection.sweep(clock.monotonic())
    }
  }
}
