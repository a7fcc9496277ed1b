import { BodyReader } from './body-reader.js'
import { malformed, protocolError } from './mqtt-refusal.js'
import type { MqttVersion } from './packet-types.js'
import { messageProperties, numberOf, type PropertyName, propertyIds, readProperties } from './properties.js'

const noBytes = Buffer.alloc(0)
const allowed: readonly PropertyName[] = [...messageProperties, 'topicAlias', 'subscriptionIdentifier']

/**
 * The PUBLISH that is being looked at (MQTT 5.0, section 3.3; 3.1.1 has no properties). One object serves one packet after the
 * other: topic and payload are places in bytes that are lent.
 */
export class Publish {
  qos = 0
  /** The sender has sent it before, as far as it knows. */
  dup = false
  /** 0 with QoS 0. */
  id = 0
  topicBytes: Buffer = noBytes
  topicStart = 0
  topicEnd = 0
  bytes: Buffer = noBytes
  payloadStart = 0
  payloadEnd = 0
  /** 0 for none. */
  alias = 0
  hasSubscription = false

  /** Reads the body of a packet with this first byte. Throws an MqttRefusal. */
  // oxlint-disable-next-line max-params -- an object for each packet would cost as much as reading it
  read(first: number, bytes: Buffer, start: number, end: number, version: MqttVersion): void {
    this.qos = (first >> 1) & 3
    this.dup = (first & 8) !== 0
    if (this.qos === 3 || (this.dup && this.qos === 0)) throw malformed('a PUBLISH of QoS 0 to 2')
    this.bytes = this.topicBytes = bytes
    const topicStart = start + 2
    const topicEnd = topicStart + (((bytes[start] as number) << 8) | (bytes[start + 1] as number))
    let at = this.qos === 0 ? topicEnd : topicEnd + 2
    if (!(at <= end)) throw malformed('a topic and a packet identifier')
    this.topicStart = topicStart
    this.topicEnd = topicEnd
    this.id = this.qos === 0 ? 0 : ((bytes[topicEnd] as number) << 8) | (bytes[topicEnd + 1] as number)
    if (this.qos > 0 && this.id === 0) throw malformed('a packet identifier other than 0')
    if (version === 5) at = this.#readProperties(at, end)
    this.payloadStart = at
    this.payloadEnd = end
  }

  /** A message that came in no packet. */
  static of(topic: string, payload: Buffer): Publish {
    const publish = new Publish()
    publish.topicBytes = Buffer.from(topic)
    publish.topicEnd = publish.topicBytes.length
    publish.bytes = payload
    publish.payloadEnd = payload.length
    return publish
  }

  /** Where the payload begins. */
  #readProperties(at: number, end: number): number {
    const { bytes } = this
    this.alias = 0
    this.hasSubscription = false
    if (bytes[at] === 0 && at < end) return at + 1
    if (bytes[at] === 3 && bytes[at + 1] === propertyIds.topicAlias && at + 4 <= end) {
      this.#setAlias(((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
      return at + 4
    }
    const reader = new BodyReader(bytes, at, end)
    const { topicAlias, subscriptionIdentifier } = readProperties(reader, allowed)
    if (topicAlias !== undefined) this.#setAlias(numberOf(topicAlias, 0))
    this.hasSubscription = subscriptionIdentifier !== undefined
    return reader.at
  }

  #setAlias(alias: number): void {
    if (alias === 0) throw protocolError('a topic alias other than 0')
    this.alias = alias
  }
}
