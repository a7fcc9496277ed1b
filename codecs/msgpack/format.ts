import type { EncodedEvents } from 'sluice/plugin'

/** Chunks are made of what this format is: nothing is decoded, and one chunk is not even copied. */
export function joinEntries(chunks: readonly EncodedEvents[]): Uint8Array {
  const [only, ...others] = chunks
  return only && others.length === 0 ? only.entries : Buffer.concat(chunks.map((chunk) => chunk.entries))
}
