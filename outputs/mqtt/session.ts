import { AgentError, type Cancel, type Clock } from 'sluice/plugin'
import type { MqttClient } from 'mqtt'
import type { Socket } from 'node:net'
import { type Limits, limitsOf, packetBytes } from './limits.js'
import type { Message } from './messages.js'
import { isRefusal } from './reason-codes.js'

export interface SessionSettings {
  /** What errors call the broker. */
  readonly where: string
  readonly version: 4 | 5
  readonly qos: 0 | 1
  readonly retain: boolean
  readonly maxInFlight: number
  readonly connectTimeoutMs: number
  /** Longest that nothing may move. */
  readonly ackTimeoutMs: number
  readonly clock: Clock
}

/** How a delivery goes on, by the indexes of its events. */
export interface Progress {
  readonly delivered: (index: number) => void
  readonly refused: (index: number, reason: string) => void
}

const closeTimeoutMs = 1000

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
  #failure: Error | undefined
  /** The broker would not take one event now: nothing more is sent, what is under way may still be acknowledged. */
  #problem: AgentError | undefined
  #wake: (() => void) | undefined
  #cancelDeadline: Cancel | undefined

  constructor(client: MqttClient, socket: Socket, settings: SessionSettings) {
    this.#client = client
    this.#socket = socket
    this.#settings = settings
    const failed = (code: string, text: string): void => this.fail(new AgentError(code, `${settings.where}: ${text}`))
    client.on('connect', (connack) => {
      const limits = limitsOf(connack, settings)
      if (limits instanceof Error) return this.fail(limits)
      this.#limits = limits
      this.#woken()
    })
    client.on('error', (error) => failed(this.#limits ? 'MQTT_BROKEN' : 'MQTT_REFUSED', error.message))
    client.on('disconnect', ({ reasonCode }) =>
      failed('MQTT_CLOSED', `the broker ended the session, reason ${reasonCode}`),
    )
    client.on('close', () => failed('MQTT_CLOSED', 'the broker closed the connection'))
  }

  get usable(): boolean {
    return this.#failure === undefined
  }

  /** Resolves once the broker has let us in. */
  open(signal: AbortSignal): Promise<void> {
    const { connectTimeoutMs, where } = this.#settings
    this.#client.connect()
    const late = (): AgentError =>
      new AgentError('MQTT_NO_CONNACK', `${where}: no answer to CONNECT within ${connectTimeoutMs} ms`)
    return this.#within(connectTimeoutMs, late, signal, () => this.#until(() => this.#limits !== undefined))
  }

  /**
   * Publishes in order. Resolves when every event is acknowledged or refused; with QoS 0, when the kernel has all of them.
   */
  deliver(messages: Iterable<readonly [number, Message]>, progress: Progress, signal: AbortSignal): Promise<void> {
    return this.#within(
      this.#settings.ackTimeoutMs,
      () => this.#late(),
      signal,
      async () => {
        this.#problem = undefined
        for (const [index, message] of messages) {
          if (this.#full) await this.#until(() => !this.#full)
          if (this.#failure || this.#problem) break
          this.#publish(index, message, progress)
        }
        await this.#until(() => this.#inFlight === 0)
        this.#throwProblem()
        if (this.#settings.qos === 0) await this.#written()
      },
    )
  }

  /** Takes leave of the broker. */
  async close(): Promise<void> {
    if (!this.usable || this.#inFlight > 0) return this.fail(new AgentError('MQTT_CLOSED', 'closed'))
    const { clock } = this.#settings
    const closed = new Promise<void>((resolve) => void this.#socket.once('close', () => resolve()))
    const cancel = clock.after(closeTimeoutMs, () => this.#socket.destroy())
    this.#failure = new AgentError('MQTT_CLOSED', 'closed')
    this.#client.end()
    await closed
    cancel()
  }

  fail(error: Error): void {
    this.#failure ??= error
    this.#socket.destroy()
    this.#woken()
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
      this.#moved()
      this.#woken()
    })
  }

  #unacknowledged(index: number, error: Error & { readonly code?: unknown }, progress: Progress): void {
    const { where } = this.#settings
    if (isRefusal(error.code)) return progress.refused(index, error.message)
    const problem = new AgentError('MQTT_NOT_TAKEN', `${where}: ${error.message}`, { cause: error })
    // Without a reason code it was the connection that broke.
    if (typeof error.code === 'number') this.#problem ??= problem
    else this.fail(problem)
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
      this.#woken()
    })
    await this.#until(() => written)
  }

  async #within(
    timeoutMs: number,
    late: () => AgentError,
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    const { clock } = this.#settings
    const abort = (): void => this.fail(signal.reason as Error)
    const expect = (): void => {
      this.#cancelDeadline?.()
      if (!this.#failure) this.#cancelDeadline = clock.after(timeoutMs, () => this.fail(late()))
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    this.#moved = expect
    expect()
    try {
      await work()
    } finally {
      this.#moved = () => undefined
      this.#cancelDeadline?.()
      signal.removeEventListener('abort', abort)
    }
  }

  /** Puts off the deadline of what is under way. */
  #moved: () => void = () => undefined

  /** Resolves once the condition holds, throws as soon as the session has failed. */
  async #until(condition: () => boolean): Promise<void> {
    while (!this.#failure && !condition()) await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.#failure) throw this.#failure
  }

  #woken(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  #late(): AgentError {
    const { where, ackTimeoutMs } = this.#settings
    const text = `nothing taken or acknowledged within ${ackTimeoutMs} ms (ack_timeout); ${this.#inFlight} events are under way`
    return new AgentError('MQTT_NO_ACK', `${where}: ${text}`)
  }
}
