import type { BrokerLimits, MqttConnection } from 'sluice/mqtt'
import { AgentError, type Clock } from 'sluice/plugin'
import type { Message } from './messages.js'
import { packetBytes } from './packet-bytes.js'

export interface PublisherSettings {
  /** What errors call the broker. */
  readonly where: string
  readonly version: 4 | 5
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly maxInFlight: number
  /** Longest that nothing may move. */
  readonly ackTimeoutMs: number
  readonly clock: Clock
}

/** How a delivery goes on, by the indexes of its events. */
export interface Progress {
  readonly delivered: (index: number) => void
  readonly refused: (index: number, reason: string) => void
}

/**
 * Topic name invalid, payload format invalid: reason codes of a PUBACK and a PUBREC (MQTT 5.0, section 3.4.2.1) that the same event
 * will get again. All others, such as 0x97 "quota exceeded" and 0x87 "not authorized", pass or are put right on the broker.
 */
const refusals: ReadonlySet<unknown> = new Set([0x90, 0x99])

/** Publishes over one connection, one delivery at a time. */
export class Publisher {
  readonly #connection: MqttConnection
  readonly #settings: PublisherSettings
  readonly #limits: BrokerLimits
  readonly #maxInFlight: number
  #inFlight = 0
  /** The broker would not take one event now: nothing more is sent, what is under way may still be acknowledged. */
  #problem: AgentError | undefined

  constructor(connection: MqttConnection, settings: PublisherSettings) {
    this.#connection = connection
    this.#settings = settings
    this.#limits = connection.limits
    const { qos, maxInFlight } = settings
    this.#maxInFlight = qos === 0 ? maxInFlight : Math.min(maxInFlight, this.#limits.receiveMaximum)
  }

  get usable(): boolean {
    return this.#connection.usable
  }

  /** Publishes in order. Resolves when every event is acknowledged or refused; with QoS 0, when the broker has read all of them. */
  deliver(messages: Iterable<readonly [number, Message]>, progress: Progress, signal: AbortSignal): Promise<void> {
    const { exchange } = this.#connection
    const limits = { timeoutMs: this.#settings.ackTimeoutMs, late: () => this.#late(), signal }
    return exchange.within(limits, async () => {
      for (const [index, message] of messages) {
        if (this.#full) await exchange.until(() => !this.#full)
        if (!this.usable || this.#problem) break
        this.#publish(index, message, progress)
      }
      await exchange.until(() => this.#inFlight === 0)
      this.#throwProblem()
      if (this.#settings.qos === 0) await this.#connection.ping()
    })
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  get #full(): boolean {
    return this.#inFlight >= this.#maxInFlight
  }

  #publish(index: number, { topic, payload }: Message, progress: Progress): void {
    const { qos, retain, version } = this.#settings
    const mostBytes = this.#limits.maximumPacketBytes
    const bytes = packetBytes(topic, payload, { qos, version })
    if (bytes > mostBytes)
      return progress.refused(index, `its packet has ${bytes} bytes, the broker takes ${mostBytes}`)
    this.#inFlight++
    const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
    this.#connection.client.publish(topic, buffer, { qos, retain }, (error) => {
      this.#inFlight--
      if (error) this.#unacknowledged(index, error, progress)
      else if (qos > 0) progress.delivered(index)
      this.#connection.exchange.moved()
    })
  }

  #unacknowledged(index: number, error: Error & { readonly code?: unknown }, progress: Progress): void {
    const { where } = this.#settings
    if (refusals.has(error.code)) return progress.refused(index, error.message)
    const problem = new AgentError('MQTT_NOT_TAKEN', `${where}: ${error.message}`, { cause: error })
    // Without a reason code it was the connection that broke.
    if (typeof error.code === 'number') this.#problem ??= problem
    else this.#connection.exchange.fail(problem)
  }

  #throwProblem(): void {
    const problem = this.#problem
    this.#problem = undefined
    if (problem) throw problem
  }

  #late(): AgentError {
    const { where, ackTimeoutMs } = this.#settings
    const text = `nothing taken or acknowledged within ${ackTimeoutMs} ms (ack_timeout); ${this.#inFlight} events are under way`
    return new AgentError('MQTT_NO_ACK', `${where}: ${text}`)
  }
}
