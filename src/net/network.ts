import { isIP, SocketAddress } from 'node:net'

/** Addresses that begin with the same bits. */
export interface Network {
  readonly family: 4 | 6
  readonly address: string
  /** How many bits. */
  readonly length: number
}

const mapped = /^::ffff:(?=\d+\.)/i

/** How many bits of an IPv6 address stand before an IPv4 address that is mapped into it (RFC 4291, section 2.5.5.2). */
const mappedBits = 96

/** `192.168.1.0/24`, or an address alone; undefined where the text is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [, written = '', bits] = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const address = withoutMapping(written)
  const family = isIP(address)
  if (family !== 4 && family !== 6) return undefined
  const longest = family === 4 ? 32 : 128
  const length = bits === undefined ? longest : Number(bits) - (address === written ? 0 : mappedBits)
  return length >= 0 && length <= longest ? { family, address, length } : undefined
}

/** IPv4 addresses in IPv6 (RFC 4291, section 2.5.5.2) are what sockets for both kinds give. */
export function withoutMapping(address: string): string {
  return address.replace(mapped, '')
}

/**
 * The one way to write an address that others wrote in theirs: IPv4 as such, IPv6 as short as it can be (RFC 5952). Undefined for what
 * is none, and for one with a zone, which means something on the machine of whoever wrote it alone (RFC 4007, section 11).
 */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text)
  if (family === 4) return text
  if (family === 0 || text.includes('%')) return undefined
  return withoutMapping(new SocketAddress({ address: text, family: 'ipv6' }).address)
}
