export const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Version 2 of a header of the PROXY protocol, with any version and command, family and protocol, and what follows in hexadecimal. */
export function binaryHeader(command: number, kind: number, block: string): Buffer {
  const bytes = Buffer.from(block.replaceAll(' ', ''), 'hex')
  const fixed = Buffer.from([command, kind, bytes.length >> 8, bytes.length & 255])
  return Buffer.concat([signature, fixed, bytes])
}
