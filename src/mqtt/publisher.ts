import { AgentError } from '../plugin/errors.js'
import type { BrokerLimits } from './broker-limits.js'
import type { Message } from './message.js'
import type { MqttConnection } from './mqtt-connection.js'
import { packetBytes } from './packet-bytes.js'

export interface PublisherSettings {
  /** What errors call the broker. */
  readonly where: string
  readonly version: 4 | 5
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly maxInFlight: number
  /** Most bytes of a payload. */
  readonly maxMessageBytes: number
  /** Longest that nothing may move. */
  readonly ackTimeoutMs: number
}

/** How a delivery goes on, by the places of events in their batch. */
export interface Progress {
  readonly delivered: (events: readonly number[]) => void
  readonly refused: (events: readonly number[], reason: string) => void
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

  /** Its connection should be replaced by one with new credentials. */
  get isStale(): boolean {
    return this.#connection.isStale
  }

  /** The largest packet that the broker takes. */
  get mostPacketBytes(): number {
    return this.#limits.maximumPacketBytes
  }

  /** Publishes in order. Resolves when every event is acknowledged or refused; with QoS 0, when the broker has read all of them. */
  deliver(messages: Iterable<Message>, progress: Progress, signal: AbortSignal): Promise<void> {
    const { exchange } = this.#connection
    const limits = { timeoutMs: this.#settings.ackTimeoutMs, late: () => this.#late(), signal }
    return exchange.within(limits, async () => {
      for (const message of messages) {
        if (this.#full) await exchange.until(() => !this.#full)
        if (!this.usable || this.#problem) break
        this.#publish(message, progress)
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

  #publish(message: Message, progress: Progress): void {
    const { topic, payload, properties, events } = message
    const { qos, retain, version } = this.#settings
    const tooLarge = this.#tooLarge(message)
    if (tooLarge) return progress.refused(events, tooLarge)
    this.#inFlight++
    const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
    const said = { qos, retain, ...(version === 5 && properties ? { properties } : {}) }
    this.#connection.client.publish(topic, buffer, said, (error) => {
      this.#inFlight--
      if (error) this.#unacknowledged(events, error, progress)
      else if (qos > 0) progress.delivered(events)
      this.#connection.exchange.moved()
    })
  }

  #tooLarge(message: Message): string | undefined {
    const { maxMessageBytes } = this.#settings
    const { length } = message.payload
    if (length > maxMessageBytes) return `its payload has ${length} bytes, max_message_size is ${maxMessageBytes}`
    const bytes = packetBytes(message, this.#settings)
    const most = this.mostPacketBytes
    return bytes > most ? `its packet has ${bytes} bytes, the broker takes ${most}` : undefined
  }

  #unacknowledged(events: readonly number[], error: Error & { readonly code?: unknown }, progress: Progress): void {
    const { where } = this.#settings
    if (refusals.has(error.code)) return progress.refused(events, error.message)
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
    const text = `nothing taken or acknowledged within ${ackTimeoutMs} ms (ack_timeout); ${this.#inFlight} messages are under way`
    return new AgentError('MQTT_NO_ACK', `${where}: ${text}`)
  }
}
