/**
 * A frame of Consistent Overhead Byte Stuffing without its zeros (S. Cheshire, M. Baker, "Consistent Overhead Byte Stuffing", 1999,
 * section III): each code says where the next zero was taken out, or with 0xff that 254 bytes follow without one. With `reduced`,
 * COBS/R, a last code beyond the end of the frame is its last byte. Undefined where the codes do not fit.
 */
export function decodeCobs(frame: Uint8Array, reduced: boolean): Uint8Array | undefined {
  const decoded = Buffer.allocUnsafe(frame.length)
  let to = 0
  for (let at = 0; at < frame.length;) {
    const code = frame[at] as number
    const next = at + code
    const end = Math.min(next, frame.length)
    if (code === 0 || (next > frame.length && !reduced)) return undefined
    for (at++; at < end; at++) decoded[to++] = frame[at] as number
    if (next > frame.length) decoded[to++] = code
    else if (code < 0xff && next < frame.length) decoded[to++] = 0
  }
  return decoded.subarray(0, to)
}
