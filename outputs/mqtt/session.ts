import { Exchange } from 'sluice/net'
import { AgentError } from 'sluice/plugin'
import type { MqttClient } from 'mqtt'
import type { Socket } from 'node:net'
import { type Limits, limitsOf, packetBytes, type SessionSettings } from './limits.js'
import type { Message } from './messages.js'

/** How a delivery goes on, by the indexes of its events. */
export interface Progress {
  readonly delivered: (index: number) => void
  readonly refused: (index: number, reason: string) => void
}

const closeTimeoutMs = 1000

/**
 * Topic name invalid, payload format invalid: reason codes of a PUBACK (MQTT 5.0, section 3.4.2.1) that the same event will get
 * again. All others, such as 0x97 "quota exceeded" and 0x87 "not authorized", pass or are put right on the broker.
 */
const refusals: ReadonlySet<unknown> = new Set([0x90, 0x99])

/**
 * One connection to a broker, for one delivery at a time. Whatever goes wrong with the connection ends the session for good:
 * the library neither reconnects nor sends again, since the engine does both with the whole batch in hand.
 */
export class Session {
  readonly #client: MqttClient
  readonly #socket: Socket
  readonly #settings: SessionSettings
  #limits: Limits | undefined
  #inFlight = 0
  readonly #exchange: Exchange
  /** The broker would not take one event now: nothing more is sent, what is under way may still be acknowledged. */
  #problem: AgentError | undefined

  constructor(client: MqttClient, socket: Socket, settings: SessionSettings) {
    this.#client = client
    this.#socket = socket
    this.#settings = settings
    this.#exchange = new Exchange(settings.clock, () => socket.destroy())
    const failed = (code: string, text: string): void =>
      this.#exchange.fail(new AgentError(code, `${settings.where}: ${text}`))
    client.on('connect', (connack) => {
      const limits = limitsOf(connack, settings)
      if (limits instanceof Error) return this.#exchange.fail(limits)
      this.#limits = limits
      this.#exchange.moved()
    })
    client.on('error', (error) => failed(this.#limits ? 'MQTT_BROKEN' : 'MQTT_REFUSED', error.message))
    client.on('disconnect', ({ reasonCode }) =>
      failed('MQTT_CLOSED', `the broker ended the session, reason ${reasonCode}`),
    )
    client.on('close', () => failed('MQTT_CLOSED', 'the broker closed the connection'))
  }

  get usable(): boolean {
    return this.#exchange.failure === undefined
  }

  /** Resolves once the broker has let us in. */
  open(signal: AbortSignal): Promise<void> {
    const { connectTimeoutMs, where } = this.#settings
    this.#client.connect()
    const late = (): AgentError =>
      new AgentError('MQTT_NO_CONNACK', `${where}: no answer to CONNECT within ${connectTimeoutMs} ms`)
    const limits = { timeoutMs: connectTimeoutMs, late, signal }
    return this.#exchange.within(limits, () => this.#exchange.until(() => this.#limits !== undefined))
  }

  /**
   * Publishes in order. Resolves when every event is acknowledged or refused; with QoS 0, when the kernel has all of them.
   */
  deliver(messages: Iterable<readonly [number, Message]>, progress: Progress, signal: AbortSignal): Promise<void> {
    const limits = { timeoutMs: this.#settings.ackTimeoutMs, late: () => this.#late(), signal }
    return this.#exchange.within(limits, async () => {
      for (const [index, message] of messages) {
        if (this.#full) await this.#exchange.until(() => !this.#full)
        if (!this.usable || this.#problem) break
        this.#publish(index, message, progress)
      }
      await this.#exchange.until(() => this.#inFlight === 0)
      this.#throwProblem()
      if (this.#settings.qos === 0) await this.#written()
    })
  }

  /** Takes leave of the broker. */
  async close(): Promise<void> {
    const { clock, where } = this.#settings
    if (!this.usable || this.#inFlight > 0) {
      return this.#exchange.fail(new AgentError('MQTT_CLOSED', `${where}: this agent ended the session`))
    }
    const closed = new Promise<void>((resolve) => void this.#socket.once('close', () => resolve()))
    const cancel = clock.after(closeTimeoutMs, () => this.#socket.destroy())
    this.#client.end()
    await closed
    cancel()
  }

  get #full(): boolean {
    return this.#inFlight >= (this.#limits?.maxInFlight ?? 1)
  }

  #publish(index: number, { topic, payload }: Message, progress: Progress): void {
    const { qos, retain, version } = this.#settings
    const mostBytes = this.#limits?.maxPacketBytes ?? Infinity
    const bytes = packetBytes(topic, payload, { qos, version })
    if (bytes > mostBytes)
      return progress.refused(index, `its packet has ${bytes} bytes, the broker takes ${mostBytes}`)
    this.#inFlight++
    const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
    this.#client.publish(topic, buffer, { qos, retain }, (error) => {
      this.#inFlight--
      if (error) this.#unacknowledged(index, error, progress)
      else if (qos === 1) progress.delivered(index)
      this.#exchange.moved()
    })
  }

  #unacknowledged(index: number, error: Error & { readonly code?: unknown }, progress: Progress): void {
    const { where } = this.#settings
    if (refusals.has(error.code)) return progress.refused(index, error.message)
    const problem = new AgentError('MQTT_NOT_TAKEN', `${where}: ${error.message}`, { cause: error })
    // Without a reason code it was the connection that broke.
    if (typeof error.code === 'number') this.#problem ??= problem
    else this.#exchange.fail(problem)
  }

  #throwProblem(): void {
    const problem = this.#problem
    this.#problem = undefined
    if (problem) throw problem
  }

  async #written(): Promise<void> {
    let written = false
    this.#socket.write('', (error) => {
      written = !error
      this.#exchange.moved()
    })
    await this.#exchange.until(() => written)
  }

  #late(): AgentError {
    const { where, ackTimeoutMs } = this.#settings
    const text = `nothing taken or acknowledged within ${ackTimeoutMs} ms (ack_timeout); ${this.#inFlight} events are under way`
    return new AgentError('MQTT_NO_ACK', `${where}: ${text}`)
  }
}
