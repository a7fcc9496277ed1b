import type { IConnackPacket, MqttClient } from 'mqtt'
import type { Duplex } from 'node:stream'
import { Exchange } from '../net/exchange.js'
import { AgentError } from '../plugin/errors.js'
import { type BrokerLimits, brokerLimits } from './broker-limits.js'
import type { ClientSettings } from './client-settings.js'

const closeTimeoutMs = 1000

/**
 * One network connection of a client to its broker. Whatever goes wrong ends it for good: the library never reconnects by itself,
 * since whoever holds the connection knows better what to do then.
 */
export class MqttConnection {
  /** The library's client, to publish and subscribe with. */
  readonly client: MqttClient
  /** What moves and what is waited for; a wait fails as soon as the connection has. */
  readonly exchange: Exchange
  /** Resolves with the reason when the connection is no more. */
  readonly ended: Promise<AgentError>
  readonly #stream: Duplex
  readonly #renewAt: number
  readonly #settings: ClientSettings
  #limits: BrokerLimits | undefined
  #pingsSent = 0
  #pingsAnswered = 0

  /** `stream` is that which the client writes to once it is told to connect; `renewAt` is that of the credentials. */
  constructor(client: MqttClient, stream: Duplex, settings: ClientSettings, renewAt = Infinity) {
    this.client = client
    this.#stream = stream
    this.#renewAt = renewAt
    this.#settings = settings
    this.exchange = new Exchange(settings.clock, () => stream.destroy())
    const stop = this.#listen()
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        stop()
        this.#fail('MQTT_CLOSED', 'the broker closed the connection')
        resolve(this.exchange.failure as AgentError)
      }
      if (stream.closed) end()
      else stream.once('close', end)
    })
  }

  get usable(): boolean {
    return this.exchange.failure === undefined
  }

  /** Its credentials are about to expire: whoever has nothing under way closes it and connects again. */
  get isStale(): boolean {
    return this.#settings.clock.wall() >= this.#renewAt
  }

  /** What the broker said in its CONNACK. */
  get limits(): BrokerLimits {
    if (!this.#limits) throw new AgentError('MQTT_CLOSED', `${this.#settings.where}: not connected yet`)
    return this.#limits
  }

  /** Resolves once the broker has let us in. */
  open(signal: AbortSignal): Promise<void> {
    const { connectTimeoutMs, where } = this.#settings
    if (this.usable) this.client.connect()
    const late = (): AgentError =>
      new AgentError('MQTT_NO_CONNACK', `${where}: no answer to CONNECT within ${connectTimeoutMs} ms`)
    const limits = { timeoutMs: connectTimeoutMs, late, signal }
    return this.exchange.within(limits, () => this.exchange.until(() => this.#limits !== undefined))
  }

  /**
   * Resolves once the broker has answered a PINGREQ: it has read all that was written before, which is all that a sender can know of
   * messages of QoS 0. Its deadline is that of the exchange it is called in.
   */
  async ping(): Promise<void> {
    this.client.sendPing()
    const mine = this.#pingsSent
    await this.exchange.until(() => this.#pingsAnswered >= mine)
  }

  /**
   * Takes leave of the broker, so that it does not publish the will. The library would wait for acknowledgements that may never
   * come; the packet is the same in every version (MQTT 5.0, section 3.14.2.1).
   */
  async close(): Promise<void> {
    const cancel = this.#settings.clock.after(closeTimeoutMs, () => this.#stream.destroy())
    if (this.usable) this.#stream.end(Buffer.of(0xe0, 0))
    await this.ended
    cancel()
  }

  #listen(): () => void {
    const { client } = this
    const listeners = {
      connect: (connack: IConnackPacket) => {
        this.#limits = brokerLimits(connack)
        this.exchange.moved()
      },
      error: (error: Error) => this.#fail(this.#limits ? 'MQTT_BROKEN' : 'MQTT_REFUSED', error.message),
      disconnect: ({ reasonCode }: { readonly reasonCode?: number }) =>
        this.#fail('MQTT_CLOSED', `the broker ended the session, reason ${reasonCode}`),
      packetsend: ({ cmd }: { readonly cmd: string }) => void (cmd === 'pingreq' && this.#pingsSent++),
      packetreceive: ({ cmd }: { readonly cmd: string }) => {
        if (cmd === 'pingresp') this.#pingsAnswered++
        // What is under way from before is sent again, and acknowledged, before the library says that it is connected.
        else if (this.#limits) return
        this.exchange.moved()
      },
    }
    const each = Object.entries(listeners) as [keyof typeof listeners, () => void][]
    for (const [event, listener] of each) client.on(event, listener)
    return () => {
      for (const [event, listener] of each) client.off(event, listener)
    }
  }

  #fail(code: string, text: string): void {
    this.exchange.fail(new AgentError(code, `${this.#settings.where}: ${text}`))
  }
}
