import type { Duplex } from 'node:stream'
import { AgentError } from '../../base/agent-error.js'
import { messageOf } from '../../plugin/errors.js'
import { Link, type LinkOwner } from '../receive/link.js'
import { Receiver } from '../receive/receiver.js'
import { BodyReader } from '../wire/body-reader.js'
import { type Connect, readConnect, type WillMessage } from '../wire/connect-packet.js'
import { malformed, MqttRefusal, protocolError } from '../wire/mqtt-refusal.js'
import { packetName, packetTypes } from '../wire/packet-types.js'
import type { Reason } from '../wire/reasons.js'
import { pingResponse } from '../wire/write-packets.js'
import { admit } from './admit.js'
import { answerUnsubscribe, dismissed, refused, refuseSubscribe } from './answers.js'
import { readDisconnect } from './disconnect.js'
import type { ServerParts } from './server-settings.js'
import type { Session, SessionOwner } from './session.js'

/** What is known of a client once it was let in. */
interface Guest {
  readonly connect: Connect
  readonly session: Session
  readonly receiver: Receiver
  readonly keepAliveMs: number
}

/** What the network knows of a client. */
export interface Caller {
  /** Empty for one of a unix socket. */
  readonly address: string
  /** Names in a certificate that TLS has verified. */
  readonly certificateNames: readonly string[]
}

/** One client of the server, from its first byte to its last. */
export class ClientConnection implements LinkOwner, SessionOwner {
  readonly #parts: ServerParts
  readonly #caller: Caller
  readonly #link: Link
  readonly #begunAt: number
  #connect: Connect | undefined
  #guest: Guest | undefined
  #will: WillMessage | undefined
  #hasSubscribed = false

  constructor(stream: Duplex, caller: Caller, parts: ServerParts) {
    const { limits, context } = parts
    this.#parts = parts
    this.#caller = caller
    this.#link = new Link(stream, this, { ...limits, firstByte: packetTypes.connect, context })
    this.#begunAt = this.#link.heardAt
    this.#link.start()
  }

  /** Resolves when the connection is gone, and what it leaves behind is seen to. */
  async run(): Promise<void> {
    await this.#link.ended
    this.#link.close()
    this.#leave()
  }

  /** Not while its CONNECT is looked at. */
  get isReady(): boolean {
    return this.#guest !== undefined || !this.#connect
  }

  get isBusy(): boolean {
    return this.#guest?.receiver.isBusy ?? false
  }

  // oxlint-disable-next-line max-params -- an object for each packet would cost as much as reading it
  packet(first: number, bytes: Buffer, start: number, end: number): boolean {
    const guest = this.#guest
    if (guest && (first & 0xf0) === packetTypes.publish) {
      guest.receiver.publish(first, bytes, start, end)
      return true
    }
    const name = packetName(first)
    if (name === undefined) throw malformed('a type and flags that there are')
    if (guest) this.#other(guest, name, new BodyReader(bytes, start, end))
    else if (name === 'connect') this.#begin(readConnect(bytes, start, end))
    else throw protocolError(`CONNECT first, got ${name}`)
    return guest !== undefined && !this.#link.isClosing
  }

  flush(): void {
    this.#guest?.receiver.flush()
  }

  send(bytes: Buffer): void {
    this.#link.send(bytes)
  }

  takenOver(): void {
    this.#parts.context.count('session_taken_over')
    this.#dismiss('session_taken_over')
    this.#leave()
  }

  /** The agent stops: nothing is said of wills, for their clients are not gone. */
  shutDown(): void {
    this.#dropWill()
    this.#dismiss('server_shutting_down')
  }

  failed(error: unknown): void {
    if (this.#link.isClosing) return
    const { context } = this.#parts
    const reason = error instanceof MqttRefusal ? error.reason : 'implementation_specific'
    context.count(reason)
    if (error instanceof AgentError) context.log.warn('ending a connection', { ...this.#who(), reason: error.message })
    else context.log.error(`a connection failed: ${messageOf(error)}`, this.#who())
    this.#dismiss(reason)
  }

  /** Looks whether the client was silent for too long; to be called now and then. */
  sweep(nowMs: number): void {
    const { connectTimeoutMs } = this.#parts.limits
    const guest = this.#guest
    if (!guest && nowMs - this.#begunAt > connectTimeoutMs)
      this.failed(new MqttRefusal('keep_alive_timeout', `expected CONNECT within ${connectTimeoutMs} ms`))
    // One and a half times what it promised (MQTT 5.0, section 3.1.2.10), while it was listened to.
    if (guest && this.#link.isReading && nowMs - this.#link.heardAt > guest.keepAliveMs * 1.5)
      this.failed(new MqttRefusal('keep_alive_timeout', `heard nothing for ${guest.keepAliveMs * 1.5} ms`))
    this.#link.sweep(nowMs)
  }

  #begin(connect: Connect): void {
    this.#connect = connect
    this.#enter(connect).then(
      () => this.#link.look(),
      (error: unknown) => this.failed(error),
    )
  }

  async #enter(connect: Connect): Promise<void> {
    const { door, limits } = this.#parts
    if (connect.hasMethod) throw new MqttRefusal('bad_authentication_method', 'expected a user and a password')
    await door.check({ ...connect, certificateNames: this.#caller.certificateNames })
    if (this.#link.isClosing) return
    this.#holdWill(connect.will)
    const { session, welcome, keepAliveSeconds } = admit(connect, this, this.#parts)
    const receiver = new Receiver({
      ...limits,
      memory: this.#parts.context,
      version: connect.version,
      fromBroker: false,
      inlet: this.#parts.inlet,
      unreleased: session.unreleased,
      send: (bytes) => this.#link.send(bytes),
      sendLate: (bytes) => session.owner?.send(bytes),
      settled: (broken) => (broken ? this.failed(broken) : this.#link.look()),
    })
    this.#guest = { connect, session, receiver, keepAliveMs: (keepAliveSeconds || Infinity) * 1000 }
    this.#link.send(welcome)
  }

  #other({ connect, receiver }: Guest, name: NonNullable<ReturnType<typeof packetName>>, body: BodyReader): void {
    if (name === 'pubrel') receiver.release(body)
    else if (name === 'pingreq') this.#link.send(pingResponse)
    else if (name === 'disconnect') this.#goodbye(body)
    else if (name === 'subscribe') this.#refuseSubscribe(body)
    else if (name === 'unsubscribe') this.#link.send(answerUnsubscribe(body, connect))
    else throw protocolError(`no ${name}`)
  }

  #refuseSubscribe(body: BodyReader): void {
    const { connect } = this.#guest as Guest
    this.#link.send(refuseSubscribe(body, connect))
    this.#parts.context.count('refused_subscriptions')
    if (!this.#hasSubscribed)
      this.#parts.context.log.warn('refused a subscription: messages are taken here and none are given', this.#who())
    this.#hasSubscribed = true
  }

  /** The client takes its leave: its will is void, unless it says otherwise (MQTT 5.0, section 3.14.4). */
  #goodbye(body: BodyReader): void {
    const { connect, session, receiver } = this.#guest as Guest
    const { withWill, sessionSeconds } = readDisconnect(body, connect)
    receiver.flush()
    if (sessionSeconds !== undefined) session.lifetimeMs = Math.min(sessionSeconds * 1000, this.#parts.limits.sessionMs)
    if (!withWill) this.#dropWill()
    this.#link.close()
  }

  #dismiss(reason: Reason): void {
    const version = this.#connect?.version ?? 4
    this.#link.close(this.#guest ? dismissed(version, reason) : refused(version, reason))
  }

  /** What is left behind: the session, and the will, which is the session's from now on. */
  #leave(): void {
    const guest = this.#guest
    guest?.receiver.close()
    const will = this.#will
    this.#will = undefined
    if (guest && guest.session.owner === this) this.#parts.sessions.leave(guest.session, will)
    else if (will) this.#parts.sessions.forget(will)
  }

  #holdWill(will: WillMessage | undefined): void {
    if (!will) return
    this.#parts.sessions.hold(will)
    this.#will = will
  }

  #dropWill(): void {
    if (this.#will) this.#parts.sessions.forget(this.#will)
    this.#will = undefined
  }

  #who(): { readonly from: string; readonly client: string } {
    return { from: this.#caller.address, client: this.#guest?.session.clientId ?? this.#connect?.clientId ?? '' }
  }
}
