import { AgentError } from '../../base/agent-error.js'
import type { Reason } from './reasons.js'

/** Why a connection ends: the other side did what it must not, or something that there is no room for. */
export class MqttRefusal extends AgentError {
  readonly reason: Reason

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super('MQTT_REFUSAL', message, options)
    this.reason = reason
  }
}

/** Bytes that are no packet at all (MQTT 5.0, section 1.2, "Malformed Packet"). */
export function malformed(expected: string): MqttRefusal {
  return new MqttRefusal('malformed_packet', `expected ${expected}`)
}

/** A packet that must not come, or not now (MQTT 5.0, section 1.2, "Protocol Error"). */
export function protocolError(expected: string): MqttRefusal {
  return new MqttRefusal('protocol_error', `expected ${expected}`)
}
