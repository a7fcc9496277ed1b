import type { BodyReader } from '../wire/body-reader.js'
import type { Connect } from '../wire/connect-packet.js'
import { protocolError } from '../wire/mqtt-refusal.js'
import { type MqttVersion, packetTypes } from '../wire/packet-types.js'
import { readProperties } from '../wire/properties.js'
import { type Reason, reasonCodes, returnCode } from '../wire/reasons.js'
import { packetOf, properties, u16 } from '../wire/write-packets.js'
import type { ServerLimits } from './server-settings.js'

/** What a client is told in its CONNACK. */
export interface Admission {
  readonly isPresent: boolean
  readonly sessionSeconds: number
  readonly keepAliveSeconds: number
  /** The identifier that was made for a client that has none. */
  readonly assignedClientId: string | undefined
}

/** MQTT 5.0, section 3.2; 3.1.1, section 3.2. */
export function admitted(connect: Connect, admission: Admission, limits: ServerLimits): Buffer {
  const { isPresent, sessionSeconds, keepAliveSeconds, assignedClientId } = admission
  const head = Buffer.of(isPresent ? 1 : 0, 0)
  if (connect.version === 4) return packetOf(packetTypes.connack, head)
  const told = properties({
    sessionExpiry: sessionSeconds === connect.sessionSeconds ? undefined : sessionSeconds,
    receiveMaximum: limits.receiveMaximum,
    retainAvailable: 0,
    maximumPacketSize: limits.maxPacketBytes,
    assignedClientId,
    topicAliasMaximum: limits.topicAliasMaximum,
    wildcardAvailable: 0,
    subscriptionIdentifierAvailable: 0,
    sharedAvailable: 0,
    serverKeepAlive: keepAliveSeconds === connect.keepAliveSeconds ? undefined : keepAliveSeconds,
  })
  return packetOf(packetTypes.connack, head, told)
}

/** The refusal of a CONNECT; undefined where the version has no word for the reason. */
export function refused(version: MqttVersion, reason: Reason): Buffer | undefined {
  if (version === 5) return packetOf(packetTypes.connack, Buffer.of(0, reasonCodes[reason], 0))
  const code = returnCode(reason)
  return code === undefined ? undefined : packetOf(packetTypes.connack, Buffer.of(0, code))
}

/** MQTT 5.0, section 3.14; a server of 3.1.1 says nothing when it ends a connection. */
export function dismissed(version: MqttVersion, reason: Reason): Buffer | undefined {
  return version === 5 ? packetOf(packetTypes.disconnect, Buffer.of(reasonCodes[reason])) : undefined
}

const noSubscriptions = 'this server takes messages and gives none; subscribe at a broker'

/** Refuses every filter of a SUBSCRIBE (MQTT 5.0, sections 3.8 and 3.9; 3.1.1 has one code for it). */
export function refuseSubscribe(reader: BodyReader, { version, wantsReasons }: Connect): Buffer {
  const id = reader.packetId()
  if (version === 5) readProperties(reader, ['subscriptionIdentifier', 'userProperty'])
  const count = countFilters(reader, 1)
  const code = version === 5 ? reasonCodes.implementation_specific : 0x80
  const told = version === 5 ? properties({ reasonString: wantsReasons ? noSubscriptions : undefined }) : Buffer.of()
  return packetOf(packetTypes.suback, u16(id), told, Buffer.alloc(count, code))
}

/** There is never anything to unsubscribe from (MQTT 5.0, sections 3.10 and 3.11; 3.1.1 tells no codes). */
export function answerUnsubscribe(reader: BodyReader, { version }: Connect): Buffer {
  const id = reader.packetId()
  if (version === 5) readProperties(reader, ['userProperty'])
  const count = countFilters(reader, 0)
  if (version === 4) return packetOf(packetTypes.unsuback, u16(id))
  return packetOf(packetTypes.unsuback, u16(id), Buffer.of(0), Buffer.alloc(count, reasonCodes.no_subscription_existed))
}

/** Topic filters to the end of the packet, with so many bytes of options behind each. */
function countFilters(reader: BodyReader, optionBytes: number): number {
  let count = 0
  for (; !reader.isAtEnd; count++) {
    reader.text()
    reader.part(optionBytes)
  }
  if (count === 0) throw protocolError('a topic filter')
  return count
}
