import { BodyReader } from './body-reader.js'
import { malformed, MqttRefusal, protocolError } from './mqtt-refusal.js'
import type { MqttVersion } from './packet-types.js'
import { messageProperties, numberOf, type Properties, type PropertyName, readProperties } from './properties.js'

/** A message that is to be published when its client is gone. */
export interface WillMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly delaySeconds: number
}

/** What a client says first (MQTT 5.0, section 3.1), with what it means where it says nothing. */
export interface Connect {
  readonly version: MqttVersion
  readonly clientId: string
  /** Begin without a session that there may be. */
  readonly clean: boolean
  readonly keepAliveSeconds: number
  readonly username: string | undefined
  readonly password: Buffer | undefined
  readonly will: WillMessage | undefined
  /** How long its session stays when it is gone; Infinity where it says nothing of an end. */
  readonly sessionSeconds: number
  /** It takes reasons in words. */
  readonly wantsReasons: boolean
  /** It wants to say who it is in another way than by a password (MQTT 5.0, section 4.12). */
  readonly hasMethod: boolean
}

const connectProperties: readonly PropertyName[] = [
  'sessionExpiry',
  'receiveMaximum',
  'maximumPacketSize',
  'topicAliasMaximum',
  'requestResponseInformation',
  'requestProblemInformation',
  'userProperty',
  'authenticationMethod',
  'authenticationData',
]
const willProperties: readonly PropertyName[] = [...messageProperties, 'willDelay']
const neverEnds = 0xffff_ffff

/** The body of a CONNECT. Throws an MqttRefusal: of `unsupported_protocol_version`, an answer in the form of 3.1.1 is understood. */
export function readConnect(bytes: Buffer, start: number, end: number): Connect {
  const reader = new BodyReader(bytes, start, end)
  const version = readVersion(reader)
  const flags = readFlags(reader, version)
  const keepAliveSeconds = reader.u16()
  const properties = version === 5 ? readProperties(reader, connectProperties) : {}
  checkProperties(properties)
  const clientId = reader.text()
  const will = flags.hasWill ? readWill(reader, version) : undefined
  const username = flags.hasUsername ? reader.text() : undefined
  const password = flags.hasPassword ? Buffer.from(reader.binary()) : undefined
  reader.close()
  return {
    version,
    clientId,
    clean: flags.clean,
    keepAliveSeconds,
    username,
    password,
    will,
    sessionSeconds: sessionSeconds(version, flags.clean, properties),
    wantsReasons: version === 5 && properties.requestProblemInformation !== 0,
    hasMethod: properties.authenticationMethod !== undefined,
  }
}

/** Sections 3.1.2.1 and 3.1.2.2. */
function readVersion(reader: BodyReader): MqttVersion {
  const name = reader.text()
  const level = reader.u8()
  if (name === 'MQTT' && (level === 4 || level === 5)) return level
  if (name !== 'MQTT' && name !== 'MQIsdp') throw malformed('the protocol MQTT')
  throw new MqttRefusal('unsupported_protocol_version', `expected MQTT 3.1.1 or 5, got level ${level}`)
}

interface Flags {
  readonly clean: boolean
  readonly hasWill: boolean
  readonly hasUsername: boolean
  readonly hasPassword: boolean
}

/** Section 3.1.2.3; a password without a user is one of MQTT 5 (3.1.1, section 3.1.2.9). */
function readFlags(reader: BodyReader, version: MqttVersion): Flags {
  const flags = reader.u8()
  const hasWill = (flags & 0x04) !== 0
  const willQos = (flags >> 3) & 3
  const willRetain = (flags & 0x20) !== 0
  const hasUsername = (flags & 0x80) !== 0
  const hasPassword = (flags & 0x40) !== 0
  const isSound = (flags & 1) === 0 && willQos < 3 && (hasWill || (willQos === 0 && !willRetain))
  if (!isSound || (version === 4 && hasPassword && !hasUsername)) throw malformed('flags that CONNECT may have')
  return { clean: (flags & 0x02) !== 0, hasWill, hasUsername, hasPassword }
}

/** Sections 3.1.2.11.3 to 3.1.2.11.9. */
function checkProperties(properties: Properties): void {
  if (properties.receiveMaximum === 0 || properties.maximumPacketSize === 0) throw protocolError('limits other than 0')
  const flags = [properties.requestProblemInformation, properties.requestResponseInformation]
  if (flags.some((flag) => numberOf(flag, 0) > 1)) throw protocolError('flags of 0 or 1')
}

/** Section 3.1.3.2. */
function readWill(reader: BodyReader, version: MqttVersion): WillMessage {
  const properties = version === 5 ? readProperties(reader, willProperties) : {}
  const topic = reader.text()
  return { topic, payload: Buffer.from(reader.binary()), delaySeconds: numberOf(properties.willDelay, 0) }
}

/** MQTT 5.0, section 3.1.2.11.2; 3.1.1 (section 3.1.2.4) knows sessions without an end only, and those that end at once. */
function sessionSeconds(version: MqttVersion, clean: boolean, { sessionExpiry }: Properties): number {
  if (version === 4) return clean ? 0 : Infinity
  const seconds = numberOf(sessionExpiry, 0)
  return seconds === neverEnds ? Infinity : seconds
}
