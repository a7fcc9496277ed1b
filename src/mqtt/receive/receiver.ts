import { messageOf } from '../../plugin/errors.js'
import { Answers, readAcknowledgement } from '../wire/acknowledgement.js'
import type { BodyReader } from '../wire/body-reader.js'
import { MqttRefusal, protocolError } from '../wire/mqtt-refusal.js'
import type { PacketMemory } from '../wire/packet-cutter.js'
import { type MqttVersion, packetTypes } from '../wire/packet-types.js'
import { Publish } from '../wire/publish.js'
import { reasonCodes } from '../wire/reasons.js'
import type { Inlet } from './inlet.js'
import { TopicAliases } from './topic-aliases.js'
import type { Unreleased } from './unreleased.js'

export interface ReceiverParts {
  readonly version: MqttVersion
  /** Messages of QoS 1 and 2 that may wait for their acknowledgement; in MQTT 5 the sender was told so. */
  readonly receiveMaximum: number
  readonly topicAliasMaximum: number
  readonly memory: PacketMemory
  /** Only a broker tells which subscription a message is of (MQTT 5.0, section 3.3.4). */
  readonly fromBroker: boolean
  readonly inlet: Inlet
  readonly unreleased: Unreleased
  readonly send: (bytes: Buffer) => void
  /** A PUBREC whose connection is gone by now: for the one that goes on with its session. */
  readonly sendLate: (bytes: Buffer) => void
  /** A promise was kept or broken: the connection may be read again, or has to end. */
  readonly settled: (broken?: MqttRefusal) => void
}

/**
 * The receiving half of MQTT on one connection, with a sender of any QoS (MQTT 5.0, section 4.3): hands messages over and acknowledges
 * them once the promise of the `ack` level holds, those of one read together.
 */
export class Receiver {
  readonly #parts: ReceiverParts
  readonly #publish = new Publish()
  readonly #aliases: TopicAliases
  /** What can be said at once, and what when the promise holds. */
  readonly #prompt = new Answers()
  readonly #promised = new Answers()
  /** Of the messages since the last flush: how many have QoS 1, and the packet identifiers of those with QoS 2. */
  #taken = 0
  #takenIds: number[] = []
  #hasTaken = false
  /** Messages of QoS 1 whose promise does not hold yet. */
  #waiting = 0
  #isClosed = false

  constructor(parts: ReceiverParts) {
    this.#parts = parts
    this.#aliases = new TopicAliases(parts.topicAliasMaximum, parts.memory)
  }

  /** As much waits for its promise as may. One of MQTT 5 was told how much that is, and is refused what is more. */
  get isBusy(): boolean {
    return this.#parts.version === 4 && this.#waiting >= this.#parts.receiveMaximum
  }

  /** The body of a PUBLISH. Throws an MqttRefusal that ends the connection. */
  // oxlint-disable-next-line max-params -- an object for each packet would cost as much as reading it
  publish(first: number, bytes: Buffer, start: number, end: number): void {
    const publish = this.#publish
    publish.read(first, bytes, start, end, this.#parts.version)
    if (publish.alias > 0) this.#aliases.resolve(publish)
    else if (publish.topicStart === publish.topicEnd) throw protocolError('a topic')
    if (publish.hasSubscription && !this.#parts.fromBroker) throw protocolError('no subscription identifier')
    this.#hasTaken = true
    if (publish.qos === 0) this.#parts.inlet.take(publish)
    else if (publish.qos === 1) this.#takeOnceOrMore(publish)
    else this.#takeOnce(publish)
  }

  /** The body of a PUBREL. Throws an MqttRefusal. */
  release(reader: BodyReader): void {
    const { unreleased, version } = this.#parts
    const { id } = readAcknowledgement(reader, version)
    if (unreleased.has(id) && !unreleased.isSafe(id)) throw protocolError('no PUBREL before the PUBREC')
    const reason = unreleased.release(id) ? 'success' : 'packet_identifier_not_found'
    this.#prompt.add(packetTypes.pubcomp, id, reasonCodes[reason], version)
  }

  /** All packets that one read brought were given: hands over and answers. */
  flush(): void {
    const { inlet, send, unreleased } = this.#parts
    if (!this.#prompt.isEmpty) send(this.#prompt.take())
    if (!this.#hasTaken) return
    this.#hasTaken = false
    if (this.#promised.isEmpty) return inlet.flush()
    const answers = this.#promised.take()
    const count = this.#taken
    const ids = this.#takenIds
    const { generation } = unreleased
    this.#waiting += count
    this.#taken = 0
    if (ids.length > 0) this.#takenIds = []
    inlet.flush((error) => {
      this.#waiting -= count
      const known = unreleased.generation === generation ? ids : []
      if (error) this.#broken(known, error)
      else this.#kept(known, answers)
    })
  }

  /** The connection is gone. */
  close(): void {
    this.#isClosed = true
    this.#aliases.close()
  }

  /** QoS 1. */
  #takeOnceOrMore(publish: Publish): void {
    this.#checkQuota()
    const code = reasonCodes[this.#parts.inlet.take(publish)]
    this.#taken++
    this.#promised.add(packetTypes.puback, publish.id, code, this.#parts.version)
  }

  /** QoS 2. One that was taken already is answered when it is safe, and by then the answer to the first may be under way. */
  #takeOnce(publish: Publish): void {
    const { unreleased, version } = this.#parts
    const { id } = publish
    if (unreleased.has(id)) {
      if (unreleased.isSafe(id)) this.#prompt.add(packetTypes.pubrec, id, 0, version)
      return
    }
    this.#checkQuota()
    const code = this.#takeNoted(publish)
    this.#promised.add(packetTypes.pubrec, id, code, version)
    // With a reason not to take it the exchange is over (section 4.3.3); MQTT 3.1.1 has no such thing.
    if (code !== 0 && version === 5) unreleased.release(id)
    else this.#takenIds.push(id)
  }

  /** There must be room to know a message by before it is taken, or it would be taken again. */
  #takeNoted(publish: Publish): number {
    const { inlet, unreleased } = this.#parts
    unreleased.add(publish.id)
    try {
      return reasonCodes[inlet.take(publish)]
    } catch (error) {
      unreleased.release(publish.id)
      throw error
    }
  }

  /** MQTT 5.0, section 3.3.4. One of MQTT 3.1.1 was told of no limit: it is not read for a while. */
  #checkQuota(): void {
    const { receiveMaximum, unreleased, version } = this.#parts
    if (version === 4 || this.#waiting + this.#taken + unreleased.size < receiveMaximum) return
    throw new MqttRefusal(
      'receive_maximum_exceeded',
      `expected at most ${receiveMaximum} messages without their answers`,
    )
  }

  #kept(ids: readonly number[], answers: Buffer): void {
    const { unreleased, send, sendLate, settled, version } = this.#parts
    for (const id of ids) unreleased.settle(id)
    if (!this.#isClosed) {
      send(answers)
      return settled()
    }
    if (ids.length === 0) return
    const late = new Answers()
    for (const id of ids) if (unreleased.has(id)) late.add(packetTypes.pubrec, id, 0, version)
    sendLate(late.take())
  }

  #broken(ids: readonly number[], error: Error): void {
    for (const id of ids) this.#parts.unreleased.release(id)
    if (this.#isClosed) return
    this.#parts.settled(
      new MqttRefusal('quota_exceeded', `messages were not taken: ${messageOf(error)}`, { cause: error }),
    )
  }
}
