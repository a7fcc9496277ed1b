import type { Chunk } from './chunk.js'

/** Which chunks an output is to get. */
export interface Wish {
  /** Whether chunks of a tag, and for this output alone if one is named, are for it. */
  wants(kind: Pick<Chunk, 'tag' | 'output'>): boolean
  /** Whether the output is done with a chunk that it wants. */
  isDone(sequence: number): boolean
}

/** The part of a lane that cursors read. */
export interface ChunkRun {
  /** Sequence of the oldest chunk in memory. */
  readonly first: number
  /** Sequence that the next chunk will get. */
  readonly next: number
  /** A chunk in memory. */
  chunk(sequence: number): Chunk | undefined
  /** Whether disk has chunks from this sequence on that memory has not. */
  isOnDisk(sequence: number): boolean
  /** Chunks from disk, from this sequence on: some at a time, in order, each of them held for whoever asked. */
  load(wish: Wish, from: number): Promise<ChunkWindow>
  /** Seals what is open, so that it can be read. */
  seal(): void
  /** How long ago a chunk was sealed, in milliseconds. */
  age(chunk: Chunk): number
  /** The same for the chunk of a sequence; on disk, at least so long. */
  ageAt(sequence: number): number
}

export interface ChunkWindow {
  readonly chunks: readonly Chunk[]
  /** Everything on disk before this sequence was looked at. */
  readonly end: number
}
