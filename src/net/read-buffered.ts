import type { Readable } from 'node:stream'

/** All that a stream holds; undefined where that is nothing. Node 26 gives one piece at a time, as they came, earlier ones all as one. */
export function readBuffered(stream: Pick<Readable, 'read' | 'readableLength'>): Buffer | undefined {
  const first = stream.read() as Buffer | null
  if (first === null) return undefined
  const parts = [first]
  // To read more than there is costs as much again.
  while (stream.readableLength > 0) parts.push(stream.read() as Buffer)
  return parts.length === 1 ? first : Buffer.concat(parts)
}
