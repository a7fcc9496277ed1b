/** Reason codes of MQTT 5.0 (section 2.4), under the names that they are counted by. */
export const reasonCodes = {
  success: 0x00,
  disconnect_with_will: 0x04,
  no_subscription_existed: 0x11,
  malformed_packet: 0x81,
  protocol_error: 0x82,
  implementation_specific: 0x83,
  unsupported_protocol_version: 0x84,
  client_identifier_not_valid: 0x85,
  bad_user_name_or_password: 0x86,
  not_authorized: 0x87,
  server_busy: 0x89,
  server_shutting_down: 0x8b,
  bad_authentication_method: 0x8c,
  keep_alive_timeout: 0x8d,
  session_taken_over: 0x8e,
  topic_name_invalid: 0x90,
  packet_identifier_not_found: 0x92,
  receive_maximum_exceeded: 0x93,
  topic_alias_invalid: 0x94,
  packet_too_large: 0x95,
  quota_exceeded: 0x97,
  payload_format_invalid: 0x99,
} as const

export type Reason = keyof typeof reasonCodes

/** Reasons in a CONNACK of MQTT 3.1.1 (section 3.2.2.3); for others there is nothing to say but to close. */
const returnCodes: { readonly [R in Reason]?: number } = {
  unsupported_protocol_version: 1,
  client_identifier_not_valid: 2,
  server_busy: 3,
  quota_exceeded: 3,
  bad_user_name_or_password: 4,
  not_authorized: 5,
}

export function returnCode(reason: Reason): number | undefined {
  return returnCodes[reason]
}
