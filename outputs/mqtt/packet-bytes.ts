/** How long a PUBLISH packet will be (MQTT 5.0, sections 2.1.4 and 3.3.2): lengths, topic, packet id, no properties, payload. */
export function packetBytes(
  topic: string,
  payload: Uint8Array,
  { qos, version }: { readonly qos: 0 | 1 | 2; readonly version: 4 | 5 },
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
