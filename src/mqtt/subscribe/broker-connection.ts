import type { Duplex } from 'node:stream'
import { AgentError, messageOf } from '../../plugin/errors.js'
import { Link, type LinkOwner } from '../receive/link.js'
import { Receiver } from '../receive/receiver.js'
import { BodyReader } from '../wire/body-reader.js'
import { malformed, protocolError } from '../wire/mqtt-refusal.js'
import { packetName, packetTypes } from '../wire/packet-types.js'
import { pingRequest } from '../wire/write-packets.js'
import { codeText, readConnack, readFarewell, readSuback } from './broker-answers.js'
import { connectPacket, subscribePacket } from './client-packets.js'
import type { SubscriberParts } from './subscriber-settings.js'

/** One connection of a subscriber to its broker: it logs in, subscribes, and takes what comes. */
export class BrokerConnection implements LinkOwner {
  readonly #parts: SubscriberParts
  readonly #link: Link
  readonly #receiver: Receiver
  #state: 'connecting' | 'subscribing' | 'subscribed' = 'connecting'
  #keepAliveMs: number
  #sentAt: number
  /** Since when the answers to CONNECT and SUBSCRIBE could be heard. */
  #awaitedSince: number
  /** When a PINGREQ was sent that has no answer yet. */
  #pingedAt: number | undefined
  #failure: Error | undefined
  #isLeaving = false

  constructor(stream: Duplex, parts: SubscriberParts) {
    const { client, context, limits } = parts
    this.#parts = parts
    this.#link = new Link(stream, this, { ...limits, firstByte: packetTypes.connack, context })
    this.#awaitedSince = this.#sentAt = this.#link.heardAt
    this.#keepAliveMs = client.keepaliveSeconds * 1000
    this.#receiver = new Receiver({
      ...limits,
      memory: context,
      version: client.version,
      fromBroker: true,
      inlet: parts.inlet,
      unreleased: parts.unreleased,
      send: (bytes) => this.#send(bytes),
      sendLate: (bytes) => parts.sendLate(bytes),
      settled: (broken) => (broken ? this.failed(broken) : this.#link.look()),
    })
    this.#link.start()
    this.#send(connectPacket(client, limits))
  }

  /** Resolves when the connection is gone after `leave`, rejects when it ended otherwise. */
  async run(): Promise<void> {
    await this.#link.ended
    this.#link.close()
    this.#receiver.close()
    const { where } = this.#parts.client
    if (this.#failure) throw this.#failure
    if (!this.#isLeaving) throw new AgentError('MQTT_CLOSED', `${where}: the broker closed the connection`)
  }

  /** Takes leave, so that the broker does not publish the will. */
  leave(): void {
    this.#isLeaving = true
    this.#link.close(Buffer.of(packetTypes.disconnect, 0))
  }

  readonly isReady = true

  get isBusy(): boolean {
    return this.#receiver.isBusy
  }

  // oxlint-disable-next-line max-params -- an object for each packet would cost as much as reading it
  packet(first: number, bytes: Buffer, start: number, end: number): boolean {
    if ((first & 0xf0) === packetTypes.publish && this.#state !== 'connecting')
      this.#receiver.publish(first, bytes, start, end)
    else this.#other(packetName(first), new BodyReader(bytes, start, end))
    return !this.#link.isClosing
  }

  flush(): void {
    this.#receiver.flush()
  }

  send(bytes: Buffer): void {
    this.#send(bytes)
  }

  failed(error: unknown): void {
    if (this.#link.isClosing) return
    const { where } = this.#parts.client
    this.#failure = new AgentError('MQTT_BROKEN', `${where}: ${messageOf(error)}`, { cause: error })
    this.#link.close()
  }

  /** Keeps the connection alive, and looks whether it is; to be called now and then. */
  sweep(nowMs: number): void {
    const { connectTimeoutMs } = this.#parts.client
    // While it is not listened to, its answers cannot be heard.
    if (!this.#link.isReading) {
      this.#pingedAt = undefined
      this.#awaitedSince = nowMs
    }
    if (this.#state !== 'subscribed' && nowMs - this.#awaitedSince > connectTimeoutMs)
      this.failed(protocolError(`the answers to CONNECT and SUBSCRIBE within ${connectTimeoutMs} ms`))
    if (nowMs - (this.#pingedAt ?? nowMs) > connectTimeoutMs)
      this.failed(protocolError(`an answer to PINGREQ within ${connectTimeoutMs} ms`))
    // At half of what was promised, so that a lost packet or a late timer does no harm (MQTT 5.0, section 3.1.2.10).
    if (this.#keepAliveMs > 0 && this.#state !== 'connecting' && nowMs - this.#sentAt >= this.#keepAliveMs / 2) {
      this.#pingedAt ??= nowMs
      this.#send(pingRequest)
    }
    this.#link.sweep(nowMs)
  }

  #other(name: ReturnType<typeof packetName>, body: BodyReader): void {
    if (name === undefined) throw malformed('a type and flags that there are')
    if (name === 'connack' && this.#state === 'connecting') this.#welcomed(body)
    else if (name === 'suback' && this.#state === 'subscribing') this.#subscribed(body)
    else if (name === 'pubrel') this.#receiver.release(body)
    else if (name === 'pingresp') this.#pingedAt = undefined
    else if (name === 'disconnect') throw protocolError(`to stay; the broker ends it: ${readFarewell(body)}`)
    else throw protocolError(`no ${name} while ${this.#state}`)
  }

  #welcomed(body: BodyReader): void {
    const { client, filters, qos, unreleased } = this.#parts
    const { code, text, hasSession, keepAliveSeconds } = readConnack(body, client.version)
    if (code !== 0) throw new AgentError('MQTT_REFUSED', `the broker refuses this client: ${text}`)
    // What it does not know any more it will not send again (MQTT 5.0, section 3.2.2.1.1).
    if (!hasSession) unreleased.clear()
    if (keepAliveSeconds !== undefined) this.#keepAliveMs = keepAliveSeconds * 1000
    this.#state = 'subscribing'
    this.#send(subscribePacket(filters, qos, client.version))
  }

  #subscribed(body: BodyReader): void {
    const { client, context, filters, qos } = this.#parts
    for (const [at, code] of readSuback(body, client.version).entries()) {
      const filter = filters[at] ?? ''
      if (code >= 0x80)
        throw new AgentError('MQTT_SUBSCRIPTION', `the broker refuses to subscribe to "${filter}": ${codeText(code)}`)
      if (code < qos) context.log.warn('the broker grants a lower QoS', { filter, qos: code })
    }
    this.#state = 'subscribed'
    context.log.info('subscribed', { broker: client.where, topics: [...filters] })
  }

  #send(bytes: Buffer): void {
    this.#sentAt = this.#parts.context.clock.monotonic()
    this.#link.send(bytes)
  }
}
