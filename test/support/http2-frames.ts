/** Frames of HTTP/2 (RFC 9113, section 4.1), for clients that break its rules. */

const types = { data: 0, headers: 1, rst_stream: 3, settings: 4, ping: 6, goaway: 7, continuation: 9 } as const

/** With the settings as they are where a client says nothing. */
export const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame('settings', 0, 0)])

export type FrameType = keyof typeof types

export const endStream = 0x1
export const endHeaders = 0x4

export function frame(type: FrameType, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(types[type], 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** `GET /` or `POST /` of `http://a`: indexed fields of the static table, and a literal authority (RFC 7541, appendix A). */
export function requestFields(method: 'GET' | 'POST'): Buffer {
  return Buffer.from([method === 'GET' ? 0x82 : 0x83, 0x86, 0x84, 0x01, 0x01, 0x61])
}

/** A literal field that is not indexed, with a name and a value below 127 bytes (RFC 7541, section 6.2.2). */
export function field(name: string, value: string): Buffer {
  const texts = [name, value].map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]))
  return Buffer.concat([Buffer.from([0]), ...texts])
}

/** Cancels a stream, as a client does that wants no answer any more; for another reason where there is a code. */
export function reset(stream: number, code = 8): Buffer {
  return frame('rst_stream', 0, stream, Buffer.from([0, 0, 0, code]))
}

export interface Frame {
  readonly type: FrameType | undefined
  readonly stream: number
  readonly payload: Buffer
}

/** All whole frames in what a server said. */
export function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + 9 <= bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3)
    const code = bytes.readUInt8(at + 3)
    const type = (Object.keys(types) as FrameType[]).find((name) => types[name] === code)
    frames.push({ type, stream: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + 9, end) })
    at = end
  }
  return frames
}
