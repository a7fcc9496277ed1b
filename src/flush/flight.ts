import type { Chunk } from '../log/chunk.js'
import type { Batch } from '../plugin/define.js'

/** A batch on its way: the same one through all its retries. */
export interface Flight {
  readonly chunks: readonly Chunk[]
  readonly sequence: number
  readonly count: number
  readonly bytes: number
  attempts: number
}

/** Undefined for no chunks. */
export function flightOf(chunks: readonly Chunk[]): Flight | undefined {
  const [first] = chunks
  if (!first) return undefined
  return { chunks, sequence: first.sequence, count: sum(chunks, 'count'), bytes: sum(chunks, 'bytes'), attempts: 0 }
}

/** What the output gets to see. */
export function toBatch({ chunks, sequence, count, bytes, attempts }: Flight): Batch {
  return { id: chunks[0]?.id ?? String(sequence), chunks, count, bytes, attempt: attempts }
}

function sum(chunks: readonly Chunk[], key: 'count' | 'bytes'): number {
  return chunks.reduce((total, chunk) => total + chunk[key], 0)
}
