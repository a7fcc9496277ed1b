import type { Chunk } from '../log/chunk.js'
import type { Cursor } from '../log/cursor.js'
import type { Batch } from '../plugin/define.js'

/** A batch on its way: the same one through all its retries. */
export interface Flight {
  readonly cursor: Cursor
  readonly chunks: readonly Chunk[]
  /** In which order flights were taken. */
  readonly number: number
  readonly count: number
  readonly bytes: number
  attempts: number
}

/** Undefined for no chunks. */
export function flightOf(cursor: Cursor, chunks: readonly Chunk[], number: number): Flight | undefined {
  if (chunks.length === 0) return undefined
  return { cursor, chunks, number, count: sum(chunks, 'count'), bytes: sum(chunks, 'bytes'), attempts: 0 }
}

/** What the output gets to see. */
export function toBatch({ chunks, number, count, bytes, attempts }: Flight): Batch {
  return { id: chunks[0]?.id ?? String(number), chunks, count, bytes, attempt: attempts }
}

function sum(chunks: readonly Chunk[], key: 'count' | 'bytes'): number {
  return chunks.reduce((total, chunk) => total + chunk[key], 0)
}
