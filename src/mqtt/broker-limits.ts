import type { IConnackPacket } from 'mqtt'

/** What a broker lets one client do (MQTT 5.0, section 3.2.2.3); MQTT 3.1.1 has no words for it. */
export interface BrokerLimits {
  /** Messages of QoS 1 and 2 that may wait for their acknowledgement. */
  readonly receiveMaximum: number
  readonly maximumQos: number
  readonly maximumPacketBytes: number
  readonly hasRetain: boolean
  /** The broker knows the session that this client had before. */
  readonly hasSession: boolean
}

export function brokerLimits({ sessionPresent, properties = {} }: IConnackPacket): BrokerLimits {
  return {
    receiveMaximum: properties.receiveMaximum ?? 65_535,
    maximumQos: properties.maximumQoS ?? 2,
    maximumPacketBytes: properties.maximumPacketSize ?? Infinity,
    hasRetain: properties.retainAvailable !== false,
    hasSession: sessionPresent,
  }
}
