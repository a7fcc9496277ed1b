const plus = 0x2b
const percent = 0x25
const blank = 0x20

/** Text of which a plus sign is a blank and `%HH` is a byte; a percent sign before anything else is itself. */
export function decode(bytes: Uint8Array): string {
  const decoded = Buffer.allocUnsafe(bytes.length)
  let end = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const escaped = byte === percent ? byteAt(bytes, at + 1) : undefined
    decoded[end++] = escaped ?? (byte === plus ? blank : byte)
    if (escaped !== undefined) at += 2
  }
  return decoded.toString('utf8', 0, end)
}

/** Two hexadecimal digits; undefined where there are others. */
function byteAt(bytes: Uint8Array, at: number): number | undefined {
  const high = digitOf(bytes[at])
  const low = digitOf(bytes[at + 1])
  return high === undefined || low === undefined ? undefined : high * 16 + low
}

function digitOf(byte = 0): number | undefined {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return digit < 0 ? undefined : digit
}
