/** Graylog, "GELF via UDP", section "Chunking": a receiver drops a message of more. */
export const mostGelfChunks = 128

const magic = Buffer.of(0x1e, 0x0f)
const headerBytes = 12

/**
 * A message in datagrams of at most `limit` bytes, each with two magic bytes, the id of the message, its number and how many there are
 * (the same section); undefined where there would be too many.
 */
export function gelfChunks(message: Uint8Array, limit: number, id: Uint8Array): readonly Uint8Array[] | undefined {
  const bytesEach = limit - headerBytes
  const count = Math.ceil(message.length / bytesEach)
  if (count > mostGelfChunks) return undefined
  return Array.from({ length: count }, (_, n) =>
    Buffer.concat([magic, id, Buffer.of(n, count), message.subarray(n * bytesEach, (n + 1) * bytesEach)]),
  )
}
