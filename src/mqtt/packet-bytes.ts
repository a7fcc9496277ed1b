import type { Draft } from './message.js'
import type { PublishProperties } from './publish-properties.js'

/** How long a PUBLISH packet will be (MQTT 5.0, sections 2.1.4 and 3.3.2): lengths, topic, packet id, properties, payload. */
export function packetBytes(
  { topic, payload, properties }: Draft,
  { qos, version }: { readonly qos: 0 | 1 | 2; readonly version: 4 | 5 },
): number {
  const propertyBytes = version === 5 ? lengthOf(properties) : 0
  const lengthBytes = version === 5 ? variableBytes(propertyBytes) : 0
  const rest = textBytes(topic) + (qos === 0 ? 0 : 2) + lengthBytes + propertyBytes + payload.length
  return 1 + variableBytes(rest) + rest
}

/** Those that this output sends; each begins with a byte for its name (section 2.2.2.2). */
function lengthOf(properties: PublishProperties = {}): number {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, userProperties = {} } = properties
  let bytes = payloadFormatIndicator === undefined ? 0 : 2
  if (messageExpiryInterval !== undefined) bytes += 5
  if (contentType !== undefined) bytes += 1 + textBytes(contentType)
  for (const [name, value] of Object.entries(userProperties)) bytes += 1 + textBytes(name) + textBytes(String(value))
  return bytes
}

function textBytes(text: string): number {
  return 2 + Buffer.byteLength(text)
}

/** Seven bits a byte (section 1.5.5). */
function variableBytes(length: number): number {
  if (length < 0x80) return 1
  if (length < 0x4000) return 2
  return length < 0x200000 ? 3 : 4
}
