import { AgentError, type Clock } from 'sluice/plugin'
import type { IConnackPacket } from 'mqtt'

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

/** What a broker lets one client do. */
export interface Limits {
  readonly maxInFlight: number
  readonly maxPacketBytes: number
}

/** The limits that the CONNACK states (MQTT 5.0, section 3.2.2.3), or why this broker cannot do what the options want. */
export function limitsOf({ properties = {} }: IConnackPacket, settings: SessionSettings): Limits | AgentError {
  const { where, qos, retain, maxInFlight } = settings
  if (qos > (properties.maximumQoS ?? 2)) {
    return new AgentError('MQTT_LIMITED', `${where}: the broker takes QoS 0 only; write qos: 0, or use another broker`)
  }
  if (retain && properties.retainAvailable === false) {
    return new AgentError('MQTT_LIMITED', `${where}: the broker keeps no retained messages; write retain: off`)
  }
  return {
    maxInFlight: qos === 0 ? maxInFlight : Math.min(maxInFlight, properties.receiveMaximum ?? Infinity),
    maxPacketBytes: properties.maximumPacketSize ?? Infinity,
  }
}

/** How long the PUBLISH packet will be (MQTT 5.0, sections 2.1.4 and 3.3.2): lengths, topic, packet id, no properties, payload. */
export function packetBytes(
  topic: string,
  payload: Uint8Array,
  { qos, version }: Pick<SessionSettings, 'qos' | 'version'>,
): number {
  const rest = 2 + Buffer.byteLength(topic) + (qos === 0 ? 0 : 2) + (version === 5 ? 1 : 0) + payload.length
  return 1 + variableBytes(rest) + rest
}

/** Seven bits a byte (MQTT 5.0, section 1.5.5). */
function variableBytes(length: number): number {
  if (length < 0x80) return 1
  if (length < 0x4000) return 2
  return length < 0x200000 ? 3 : 4
}
