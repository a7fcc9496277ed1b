export type Content = { readonly bytes: Buffer; readonly end: number } | { readonly wrong: 'cut_off' }

const delimiter = 0x7e
const escape = 0x7d

/**
 * `count` bytes from `from` on without their escapes, fewer where `bytes` end before, and the place behind them. 7D stands before a
 * byte whose bit 5 is turned over; a 7E that is not escaped begins another frame, whatever came before (Digi, "API operating mode 2").
 */
export function unescaped(bytes: Buffer, from: number, count: number): Content {
  const content = Buffer.allocUnsafe(count)
  let at = from
  let filled = 0
  for (; filled < count && at < bytes.length; at++) {
    let byte = bytes[at] ?? 0
    if (byte === delimiter) return { wrong: 'cut_off' }
    if (byte === escape) {
      at++
      if (at >= bytes.length) break
      byte = bytes[at] ?? 0
      if (byte === delimiter) return { wrong: 'cut_off' }
      byte ^= 0x20
    }
    content[filled] = byte
    filled++
  }
  return { bytes: content.subarray(0, filled), end: at }
}
