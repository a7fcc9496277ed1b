import type { MqttInputOptions } from './options.js'

type LimitOptions = Pick<MqttInputOptions, 'max_packet_size' | 'max_inflight' | 'stall_timeout'>

/** What whoever sends messages may do, in both modes. */
export function limitsOf(options: LimitOptions) {
  return {
    maxPacketBytes: options.max_packet_size,
    receiveMaximum: options.max_inflight,
    topicAliasMaximum: 64,
    stallMs: options.stall_timeout,
  }
}
