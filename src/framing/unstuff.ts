/** What the byte behind an escape stands for; -1 for bytes that never follow one. */
export type Stuffing = Int16Array

/** SLIP knows two bytes behind its ESC, 0xdb: 0xdc for its END, 0xc0, and 0xdd for ESC itself (RFC 1055). */
export const slipStuffing: Stuffing = new Int16Array(256).fill(-1)
slipStuffing[0xdc] = 0xc0
slipStuffing[0xdd] = 0xdb

/** Any byte may follow, and bits of it were turned over: 0x20 as in HDLC (RFC 1662, section 4.2), 0 where bytes stay as they are. */
export function maskedStuffing(mask: number): Stuffing {
  return Int16Array.from({ length: 256 }, (_, byte) => byte ^ mask)
}

/** A frame without its escapes: the frame itself where it has none, undefined where what follows one makes no sense. */
export function unstuff(frame: Buffer, escape: number, stuffing: Stuffing): Uint8Array | undefined {
  const first = frame.indexOf(escape)
  if (first < 0) return frame
  const plain = Buffer.allocUnsafe(frame.length)
  frame.copy(plain, 0, 0, first)
  let to = first
  for (let at = first; at < frame.length; at++) {
    const byte = frame[at] as number
    const meant = byte === escape ? (stuffing[frame[++at] ?? -1] ?? -1) : byte
    if (meant < 0) return undefined
    plain[to++] = meant
  }
  return plain.subarray(0, to)
}
