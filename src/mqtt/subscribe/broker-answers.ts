import type { BodyReader } from '../wire/body-reader.js'
import { malformed } from '../wire/mqtt-refusal.js'
import type { MqttVersion } from '../wire/packet-types.js'
import { answerProperties, numberOf, type PropertyName, readProperties } from '../wire/properties.js'
import { reasonCodes } from '../wire/reasons.js'

/** What a broker says to a CONNECT. */
export interface Welcome {
  /** 0 where it lets us in. */
  readonly code: number
  /** The reason, in its words or ours. */
  readonly text: string
  readonly hasSession: boolean
  /** Undefined where ours is well. */
  readonly keepAliveSeconds: number | undefined
}

const connackProperties: readonly PropertyName[] = [
  ...answerProperties,
  'sessionExpiry',
  'receiveMaximum',
  'maximumQos',
  'retainAvailable',
  'maximumPacketSize',
  'assignedClientId',
  'topicAliasMaximum',
  'wildcardAvailable',
  'subscriptionIdentifierAvailable',
  'sharedAvailable',
  'serverKeepAlive',
  'responseInformation',
  'serverReference',
  'authenticationMethod',
  'authenticationData',
]

/** Return codes of MQTT 3.1.1 (section 3.2.2.3). */
const returnTexts: readonly string[] = [
  '',
  'unsupported protocol version',
  'client identifier not valid',
  'server unavailable',
  'bad user name or password',
  'not authorized',
]

/** The body of a CONNACK (MQTT 5.0 and 3.1.1, section 3.2). */
export function readConnack(reader: BodyReader, version: MqttVersion): Welcome {
  const flags = reader.u8()
  const code = reader.u8()
  const properties = version === 5 && !reader.isAtEnd ? readProperties(reader, connackProperties) : {}
  reader.close()
  return {
    code,
    text: String(properties.reasonString ?? (version === 5 ? codeText(code) : (returnTexts[code] ?? `code ${code}`))),
    hasSession: flags === 1,
    keepAliveSeconds: properties.serverKeepAlive === undefined ? undefined : numberOf(properties.serverKeepAlive, 0),
  }
}

/** The codes of a SUBACK, one for each filter (section 3.9). */
export function readSuback(reader: BodyReader, version: MqttVersion): readonly number[] {
  reader.packetId()
  if (version === 5) readProperties(reader, answerProperties)
  const codes: number[] = []
  while (!reader.isAtEnd) codes.push(reader.u8())
  if (codes.length === 0) throw malformed('a code for each filter')
  return codes
}

/** Why a broker of MQTT 5 ends the connection (section 3.14). */
export function readFarewell(reader: BodyReader): string {
  if (reader.isAtEnd) return 'normal disconnection'
  const code = reader.u8()
  const { reasonString } = reader.isAtEnd
    ? {}
    : readProperties(reader, [...answerProperties, 'sessionExpiry', 'serverReference'])
  return String(reasonString ?? codeText(code))
}

const names = new Map(Object.entries(reasonCodes).map(([name, code]) => [code as number, name.replaceAll('_', ' ')]))

/** A reason code in words. */
export function codeText(code: number): string {
  return names.get(code) ?? `reason 0x${code.toString(16)}`
}
