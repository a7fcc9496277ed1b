import type { ClientSettings } from '../client-settings.js'
import type { MqttVersion } from '../wire/packet-types.js'
import { packetTypes } from '../wire/packet-types.js'
import { packetOf, properties, text, u16 } from '../wire/write-packets.js'

/** What a subscriber can take. */
export interface SubscriberLimits {
  readonly maxPacketBytes: number
  /** Messages of QoS 1 and 2 that may wait for their acknowledgement. */
  readonly receiveMaximum: number
  readonly topicAliasMaximum: number
  /** Longest that a packet may take to come, or answers to be taken. */
  readonly stallMs: number
}

const nothing = Buffer.alloc(0)

/** A CONNECT (MQTT 5.0 and 3.1.1, section 3.1). */
export function connectPacket(client: ClientSettings, limits: SubscriberLimits): Buffer {
  const { version, clean, clientId, keepaliveSeconds, will } = client
  const { username, password } = client.credentials()
  const loginFlags = (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40)
  return packetOf(
    packetTypes.connect,
    text('MQTT'),
    Buffer.of(version, (clean ? 0x02 : 0) | willFlags(will) | loginFlags),
    u16(keepaliveSeconds),
    version === 5 ? connectProperties(client, limits) : nothing,
    text(clientId),
    will ? willOf(will, version) : nothing,
    ...[username, password].map((login) => (login === undefined ? nothing : text(login))),
  )
}

function willFlags(will: ClientSettings['will']): number {
  return will ? 0x04 | ((will.qos ?? 0) << 3) | (will.retain ? 0x20 : 0) : 0
}

function connectProperties({ clean, sessionExpirySeconds }: ClientSettings, limits: SubscriberLimits): Buffer {
  return properties({
    sessionExpiry: clean ? undefined : sessionExpirySeconds,
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.maxPacketBytes,
    topicAliasMaximum: limits.topicAliasMaximum,
  })
}

function willOf(will: NonNullable<ClientSettings['will']>, version: MqttVersion): Buffer {
  const willDelay = will.properties?.willDelayInterval
  return Buffer.concat([
    version === 5 ? properties({ willDelay }) : nothing,
    text(will.topic),
    text(will.payload ?? nothing),
  ])
}

/** The packet identifier of the one SUBSCRIBE. */
const subscribeId = 1

/** A SUBSCRIBE (MQTT 5.0 and 3.1.1, section 3.8): the QoS of each filter is all of its options that is not 0. */
export function subscribePacket(filters: readonly string[], qos: number, version: MqttVersion): Buffer {
  return packetOf(
    packetTypes.subscribe | 2,
    u16(subscribeId),
    version === 5 ? Buffer.of(0) : nothing,
    ...filters.flatMap((filter) => [text(filter), Buffer.of(qos)]),
  )
}
