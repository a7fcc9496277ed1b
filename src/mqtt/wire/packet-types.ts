/** Types of packets (MQTT 5.0, section 2.1.2), as the upper half of their first byte. */
export const packetTypes = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x30,
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x60,
  pubcomp: 0x70,
  subscribe: 0x80,
  suback: 0x90,
  unsubscribe: 0xa0,
  unsuback: 0xb0,
  pingreq: 0xc0,
  pingresp: 0xd0,
  disconnect: 0xe0,
  auth: 0xf0,
} as const

export type PacketName = keyof typeof packetTypes

const names: ReadonlyMap<number, PacketName> = new Map(
  Object.entries(packetTypes).map(([name, type]) => [type, name as PacketName]),
)

/** Those whose flags are 0010 (section 2.1.3); a PUBLISH has its own, all others have none. */
const withFlagOfTwo: readonly number[] = [packetTypes.pubrel, packetTypes.subscribe, packetTypes.unsubscribe]

/** The name of a packet by its first byte; undefined for types and flags that there are none of. */
export function packetName(first: number): PacketName | undefined {
  const type = first & 0xf0
  const flags = first & 0x0f
  if (type === packetTypes.publish) return 'publish'
  return flags === (withFlagOfTwo.includes(type) ? 2 : 0) ? names.get(type) : undefined
}

export type MqttVersion = 4 | 5
