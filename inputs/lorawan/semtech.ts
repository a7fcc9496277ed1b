/** A datagram of a gateway. */
export interface Datagram {
  readonly kind: 'push' | 'pull' | 'tx_ack'
  /** The gateway's identifier, as 16 hex digits. */
  readonly gateway: string
  /** JSON, which may be missing. */
  readonly body: Uint8Array
  /** What the gateway is told once this was taken; nothing of an acknowledgement. */
  readonly ack: Uint8Array | undefined
}

const kinds: { readonly [identifier: number]: Pick<Datagram, 'kind'> & { readonly answer?: number } } = {
  0: { kind: 'push', answer: 1 },
  2: { kind: 'pull', answer: 4 },
  5: { kind: 'tx_ack' },
}

const headBytes = 12

/**
 * Reads a datagram of a packet forwarder (Semtech, packet_forwarder, PROTOCOL.TXT, sections 3 to 5):
 *
 *     version (1 or 2)  token (2)  identifier  gateway (8)  JSON
 *
 * An answer has the version, the token and its own identifier. Undefined where it is none that gateways send.
 */
export function readDatagram(bytes: Buffer): Datagram | undefined {
  const version = bytes[0]
  const found = kinds[bytes[3] ?? -1]
  if (bytes.length < headBytes || (version !== 1 && version !== 2) || !found) return undefined
  const { kind, answer } = found
  const ack = answer === undefined ? undefined : Uint8Array.of(...bytes.subarray(0, 3), answer)
  return { kind, gateway: bytes.toString('hex', 4, headBytes), body: bytes.subarray(headBytes), ack }
}
