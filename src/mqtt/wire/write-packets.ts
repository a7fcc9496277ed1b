import { packetTypes } from './packet-types.js'
import { type PropertyName, propertyIds } from './properties.js'

/** Bytes of a packet: its first byte and its body, with the length of that between them (MQTT 5.0, section 2.1). */
export function packetOf(first: number, ...body: readonly Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.of(first), variable(length), ...body])
}

export const pingRequest = Buffer.of(packetTypes.pingreq, 0)
export const pingResponse = Buffer.of(packetTypes.pingresp, 0)

/** Seven bits a byte (section 1.5.5). */
export function variable(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 0x80 : low)
  } while (rest > 0)
  return Buffer.from(bytes)
}

export function u16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u16(bytes.length), bytes])
}

/** How wide a property's number is; others are texts. */
const widths: { readonly [K in PropertyName]?: 1 | 2 | 4 } = {
  sessionExpiry: 4,
  willDelay: 4,
  serverKeepAlive: 2,
  receiveMaximum: 2,
  topicAliasMaximum: 2,
  retainAvailable: 1,
  maximumPacketSize: 4,
  wildcardAvailable: 1,
  subscriptionIdentifierAvailable: 1,
  sharedAvailable: 1,
}

type Given = { readonly [K in PropertyName]?: number | string | undefined }

/** Properties with their length before them (section 2.2.2). */
export function properties(given: Given): Buffer {
  const parts: Buffer[] = []
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) parts.push(property(name as PropertyName, value))
  }
  const all = Buffer.concat(parts)
  return Buffer.concat([variable(all.length), all])
}

function property(name: PropertyName, value: number | string): Buffer {
  const id = Buffer.of(propertyIds[name])
  if (typeof value === 'string') return Buffer.concat([id, text(value)])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return Buffer.concat([id, bytes.subarray(4 - (widths[name] ?? 1))])
}
