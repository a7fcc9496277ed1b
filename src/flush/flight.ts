import { cutEntries } from '../event/cut-entries.js'
import type { Chunk } from '../log/chunk.js'
import type { Cursor } from '../log/cursor.js'
import type { Batch, BatchChunk } from '../plugin/define.js'
import type { EventRun } from '../plugin/errors.js'
import { Bisection, type Part } from './bisection.js'

/** A batch on its way: the same one through all its retries. */
export interface Flight {
  readonly cursor: Cursor
  readonly chunks: readonly Chunk[]
  /** In which order flights were taken. */
  readonly number: number
  readonly count: number
  readonly bisection: Bisection
}

/** Undefined for no chunks. */
export function flightOf(cursor: Cursor, chunks: readonly Chunk[], number: number): Flight | undefined {
  if (chunks.length === 0) return undefined
  const bisection = new Bisection(chunks.map(({ count }) => count))
  return { cursor, chunks, number, count: sum(chunks, ({ count }) => count), bisection }
}

/** What the output gets to see: all of a batch, or that part of it. Ids are the same whenever a part is made again. */
export function toBatch({ chunks, number, count }: Flight, part: Part): Batch {
  const id = chunks[0]?.id ?? String(number)
  const held = cutChunks(chunks, part)
  return {
    id: part.count === count ? id : partId(id, part),
    chunks: held,
    count: part.count,
    bytes: sum(held, ({ entries }) => entries.length),
    attempt: part.attempts,
  }
}

function cutChunks(chunks: readonly BatchChunk[], { first, count }: EventRun): BatchChunk[] {
  const cut: BatchChunk[] = []
  let begin = 0
  for (const chunk of chunks) {
    const low = Math.max(first - begin, 0)
    const high = Math.min(first + count - begin, chunk.count)
    if (low < high) cut.push(cutChunk(chunk, low, high))
    begin += chunk.count
  }
  return cut
}

function cutChunk(chunk: BatchChunk, low: number, high: number): BatchChunk {
  if (high - low === chunk.count) return chunk
  return { ...cutEntries(chunk, low, high), id: partId(chunk.id, { first: low, count: high - low }) }
}

function partId(id: string, { first, count }: EventRun): string {
  return `${id}.${first}-${first + count - 1}`
}

function sum<T>(all: readonly T[], figure: (each: T) => number): number {
  return all.reduce((total, each) => total + figure(each), 0)
}
