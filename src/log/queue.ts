import type { Chunk, ChunkBody, ChunkFields, ChunkOrigin } from './chunk.js'
import type { Cursor } from './cursor.js'
import type { Segment } from './segments.js'

/** The part of a lane that its backlog works with: what is in memory. */
export interface Queue {
  /** Sequence of the oldest chunk in memory. */
  readonly first: number
  /** Sequence that the next chunk will get. */
  readonly next: number
  /** How long the machine is up, in milliseconds. */
  readonly uptime: number
  chunk(sequence: number): Chunk | undefined
  readers(tag: string, output: string): readonly Cursor[]
  seal(): void
  /** Moves what is on disk out of memory, as far as room is needed. */
  relieve(): void
  /** How long ago a chunk was sealed, in milliseconds. */
  age(chunk: Chunk): number
  createChunk(fields: ChunkFields, body: ChunkBody, waiting: number, origin: ChunkOrigin): Chunk
  idOf(sequence: number, run: string): string
  /** How much of the disk is read at a time, so that outputs that are behind leave memory for what comes. */
  readonly windowBytes: number
  /** Memory to read chunks from disk into. */
  lease(bytes: number): Segment
  returnLease(segment: Segment): void
}
