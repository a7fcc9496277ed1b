import { isIP } from 'node:net'

import { canonicalAddress } from './network.js'
import type { Peer } from './peer-address.js'

/**
 * What a connection begins with that a proxy passes on (PROXY protocol of HAProxy, doc/proxy-protocol.txt; sections are of it):
 *
 *     version 1   PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n
 *     version 2   signature (12 bytes) · version and command · family and protocol · length (2) · addresses · what else there is
 */
export interface ProxyHeader {
  /** How long it is. */
  readonly bytes: number
  /** For whom the connection is; undefined where it is the proxy's own, or of a kind that has no address (sections 2.1, 2.2). */
  readonly client: Peer | undefined
}

/** `partial` begins like a header, and the rest is still to come. */
export type FoundHeader = ProxyHeader | 'partial' | 'malformed'

const textStart = Buffer.from('PROXY ')
const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** With the CRLF (section 2.1). */
const longestText = 107

/** Of all that is behind the fixed part of version 2. It fits into 536 bytes with that (section 2), but for certificates. */
const longestBlock = 4096

const fixedBytes = 16

/** Looks for a header at the beginning of these bytes; whatever cannot become one is malformed at once (section 2.1). */
export function parseProxyHeader(bytes: Buffer): FoundHeader {
  if (beginsLike(bytes, textStart)) return parseText(bytes)
  if (beginsLike(bytes, signature)) return parseBinary(bytes)
  return 'malformed'
}

function beginsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

const line = /^PROXY (?:UNKNOWN(?: .*)?|TCP([46]) (\S+) (\S+) (\S+) (\S+))$/s

function parseText(bytes: Buffer): FoundHeader {
  const text = bytes.toString('latin1', 0, longestText)
  const end = text.indexOf('\r\n')
  if (end < 0) return bytes.length < longestText ? 'partial' : 'malformed'
  const [all, family, ...words] = line.exec(text.slice(0, end)) ?? []
  if (all === undefined) return 'malformed'
  if (family === undefined) return { bytes: end + 2, client: undefined }
  const client = sourceIn(words, Number(family))
  return client ? { bytes: end + 2, client } : 'malformed'
}

function sourceIn(words: readonly string[], family: number): Peer | undefined {
  const [source = '', destination = '', port = '', destinationPort = ''] = words
  const isSound = [source, destination].every((address) => isIP(address) === family)
  if (!isSound || !isPort(port) || !isPort(destinationPort)) return undefined
  const address = canonicalAddress(source)
  return address === undefined ? undefined : { address, port: Number(port) }
}

/** Zeroes in front could be meant as an octal number (section 2.1). */
function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535
}

/** By the byte of family and protocol: how long the addresses are (section 2.2). The unspecified have any length, which is skipped. */
const addressBytes: ReadonlyMap<number, number> = new Map([
  ...[0x00, 0x01, 0x02, 0x10, 0x20, 0x30].map((kind) => [kind, 0] as const),
  ...[0x11, 0x12].map((kind) => [kind, 12] as const),
  ...[0x21, 0x22].map((kind) => [kind, 36] as const),
  ...[0x31, 0x32].map((kind) => [kind, 216] as const),
])

const local = 0x20
const proxied = 0x21

function parseBinary(bytes: Buffer): FoundHeader {
  const command = bytes[12] ?? proxied
  if (command !== local && command !== proxied) return 'malformed'
  if (bytes.length < fixedBytes) return 'partial'
  const length = bytes.readUInt16BE(14)
  if (length < neededBytes(bytes) || length > longestBlock) return 'malformed'
  if (bytes.length < fixedBytes + length) return 'partial'
  return { bytes: fixedBytes + length, client: command === local ? undefined : clientIn(bytes) }
}

/** The family of a connection of the proxy's own is not looked at (section 2.2). */
function neededBytes(bytes: Buffer): number {
  return bytes[12] === local ? 0 : (addressBytes.get(bytes[13] ?? 0) ?? Infinity)
}

/** Only of TCP: what else a proxy may pass on does not come by such a connection. */
function clientIn(bytes: Buffer): Peer | undefined {
  if (bytes[13] === 0x11) return { address: bytes.subarray(16, 20).join('.'), port: bytes.readUInt16BE(24) }
  if (bytes[13] !== 0x21) return undefined
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(fixedBytes + 2 * at).toString(16))
  return { address: canonicalAddress(groups.join(':')) ?? '', port: bytes.readUInt16BE(48) }
}
