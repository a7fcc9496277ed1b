/** Frames as XBee modules send them. */

export function apiFrame(data: Uint8Array | string): Buffer {
  const content = Buffer.from(data)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(content.length)
  const sum = content.reduce((total, byte) => total + byte, 0)
  return Buffer.concat([Buffer.of(0x7e), length, content, Buffer.of(0xff - (sum & 0xff))])
}

/** The same as with AP=2: all behind the delimiter is escaped. */
export function escapedFrame(data: Uint8Array | string): Buffer {
  const escaped = [...apiFrame(data).subarray(1)].flatMap((byte) =>
    [0x7e, 0x7d, 0x11, 0x13].includes(byte) ? [0x7d, byte ^ 0x20] : [byte],
  )
  return Buffer.from([0x7e, ...escaped])
}

/** A receive packet (0x90) of the sender in Digi's examples. */
export function receivePacket(payload: string): Buffer {
  return Buffer.concat([Buffer.from('900013a20040522baa7d8401', 'hex'), Buffer.from(payload)])
}
