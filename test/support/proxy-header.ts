export const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Version 2 of a header of the PROXY protocol, with any version and command, family and protocol, and what follows in hexadecimal. */
export function binaryHeader(command: number, kind: number, block: string): Buffer {
  const bytes = Buffer.from(block.replaceAll(' ', ''), 'hex')
  const fixed = Buffer.from([command, kind, bytes.length >> 8, bytes.length & 255])
  return Buffer.concat([signature, fixed, bytes])
}

/** What an input is told that is behind a proxy on this machine. */
export const proxied = { proxy_protocol: true, trusted_proxies: '127.0.0.1' }

/** Version 1 of a header, of a client at this address. */
export const proxyHeader = (address: string): Buffer => Buffer.from(`PROXY TCP4 ${address} 10.0.0.11 56324 443\r\n`)
