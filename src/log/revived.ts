import type { InputLedger } from '../observe/ledger.js'
import { AgentError } from '../plugin/errors.js'
import type { Chunk, ChunkRemains } from './chunk.js'
import type { Frame } from './disk/frame.js'
import type { SegmentFile } from './disk/segment-file.js'
import type { Queue } from './queue.js'
import type { Segment } from './segments.js'

export interface RevivedParts {
  readonly queue: Queue
  readonly ledgerOf: (input: string) => InputLedger
  readonly age: (frame: Frame) => number
}

/** The chunks of a lane that are on disk and that outputs have in hand all the same; several outputs share one. */
export class Revived {
  readonly #parts: RevivedParts
  readonly #chunks = new Map<number, Chunk>()
  /** Of those that nobody has in hand. */
  readonly #remains = new Map<number, ChunkRemains>()

  constructor(parts: RevivedParts) {
    this.#parts = parts
  }

  /** Chunks of these sequences. */
  *between(first: number, last: number): Iterable<Chunk> {
    for (const chunk of this.#chunks.values()) if (chunk.sequence >= first && chunk.sequence <= last) yield chunk
  }

  /** The chunk of a frame that lies in leased memory, held for whoever asked; another output may have it already. */
  hold(frame: Frame, segment: SegmentFile, lease: Segment | undefined): Chunk {
    const { sequence } = frame
    const known = this.#parts.queue.chunk(sequence) ?? this.#chunks.get(sequence)
    const chunk = known ?? this.#revive(frame, segment, lease)
    if (!known) this.#chunks.set(sequence, chunk)
    chunk.hold()
    return chunk
  }

  /** A chunk has left memory's queue, or nobody has it in hand any more: what is to be remembered of it, is. */
  put(chunk: Chunk): void {
    const { sequence, held, released, remains } = chunk
    if (held && !released) return void this.#chunks.set(sequence, chunk)
    this.#chunks.delete(sequence)
    if (released) return
    if (remains) this.#remains.set(sequence, remains)
    chunk.unload()
  }

  /** Nothing of these sequences can be read any more: whoever waits for what nobody has in hand learns so. */
  forget(first: number, last: number): void {
    for (const [sequence, { acks }] of this.#remains) {
      if (sequence < first || sequence > last) continue
      this.#remains.delete(sequence)
      const lost = new AgentError('LOG_DROPPED', 'dropped, corrupt')
      for (const ack of acks.splice(0)) ack(lost)
    }
  }

  /** The agent ends: no promise to senders will be kept. */
  abandon(): void {
    for (const chunk of this.#chunks.values()) chunk.abandon()
    const stopped = new AgentError('LOG_STOPPED', 'the agent stopped before delivery')
    for (const { acks } of this.#remains.values()) for (const ack of acks.splice(0)) ack(stopped)
  }

  #revive(frame: Frame, { run }: SegmentFile, lease: Segment | undefined): Chunk {
    const { queue, ledgerOf, age } = this.#parts
    const { sequence, tag, input, output, entries } = frame
    const remains = this.#remains.get(sequence)
    this.#remains.delete(sequence)
    lease?.keep()
    const waiting = queue.readers(tag, output).filter((reader) => !reader.isDone(sequence)).length
    const origin = { ledger: ledgerOf(input), acks: remains?.acks ?? [], ackStored: false, evictable: true }
    // Its age on the clock of this boot, whichever it is from.
    const fields = { ...frame, id: queue.idOf(sequence, run), uptime: queue.uptime - age(frame) }
    const chunk = queue.createChunk(fields, { entries, segment: lease }, waiting, origin)
    chunk.stored = true
    if (remains) chunk.resume(remains)
    return chunk
  }
}
