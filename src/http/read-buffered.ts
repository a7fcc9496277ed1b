import type { Readable } from 'node:stream'

/** All that a stream holds; undefined where that is nothing. Node 26 gives one piece at a time, as they came, earlier ones all as one. */
export function readBuffered(stream: Pick<Readable, 'read'>): Buffer | undefined {
  const first = stream.read() as Buffer | null
  if (first === null) return undefined
  const parts = [first]
  for (let part = stream.read() as Buffer | null; part; part = stream.read() as Buffer | null) parts.push(part)
  return parts.length === 1 ? first : Buffer.concat(parts)
}
