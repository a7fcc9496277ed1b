import type { InputLedger } from '../observe/ledger.js'
import type { Ack } from '../plugin/context.js'
import type { BatchChunk } from '../plugin/define.js'
import { AgentError } from '../plugin/errors.js'
import type { Segment } from './segments.js'

const noBody = { entries: new Uint8Array(0), segment: undefined }

/** What an object costs beside its bytes: the chunk itself, its view of the segment, its place in the log. Estimated. */
export const chunkOverheadBytes = 256

/** The bytes of a chunk and where they lie; none once it is released. */
export interface ChunkBody {
  readonly entries: Uint8Array
  readonly segment: Segment | undefined
}

/** Where a chunk came from and whom to tell what becomes of it. */
export interface ChunkOrigin {
  readonly ledger: InputLedger
  /** Taken over by the chunk. */
  readonly acks: Ack[]
  /** Called when nobody needs the bytes any more. */
  readonly release: (chunk: Chunk) => void
}

/** Sealed events of one tag from one input, kept until every output that matches them is done with them. */
export class Chunk implements BatchChunk {
  readonly id: string
  readonly sequence: number
  readonly tag: string
  readonly count: number
  readonly bytes: number
  /** True once outputs that have not read it yet must leave it out. */
  evicted = false
  #body: ChunkBody
  #waiting: number
  #lent = 0
  #lost = 0
  #lostReason = ''
  readonly #origin: ChunkOrigin

  constructor(
    fields: Pick<Chunk, 'id' | 'sequence' | 'tag' | 'count'>,
    body: ChunkBody,
    readers: number,
    origin: ChunkOrigin,
  ) {
    this.id = fields.id
    this.sequence = fields.sequence
    this.tag = fields.tag
    this.count = fields.count
    this.bytes = body.entries.length
    this.#body = body
    this.#waiting = readers
    this.#origin = origin
  }

  get entries(): Uint8Array {
    return this.#body.entries
  }

  get segment(): Segment | undefined {
    return this.#body.segment
  }

  /** Whether every output is done with it. */
  get released(): boolean {
    return this.#waiting === 0
  }

  /** One output is done with this chunk, having given up `lost` of its events for `reason`. */
  settle(lost = 0, reason = ''): void {
    if (lost > this.#lost) {
      this.#lost = lost
      this.#lostReason = reason
    }
    if (--this.#waiting === 0) this.#finish()
  }

  /** A flush reads the bytes from now on, until it gives them back: an output that was given up on may still be reading. */
  lend(): void {
    this.#lent++
  }

  giveBack(): void {
    this.#lent--
    this.#releaseUnused()
  }

  /** The agent ends while outputs still need this chunk: its senders learn that no promise was kept. */
  abandon(): void {
    if (!this.released)
      this.#acknowledge(new AgentError('LOG_STOPPED', `${this.tag}: the agent stopped before delivery`))
  }

  #finish(): void {
    const { ledger } = this.#origin
    ledger.pending -= this.count
    ledger.delivered += this.count - this.#lost
    if (this.#lost > 0) ledger.dropped.add(this.#lostReason, this.#lost)
    this.#releaseUnused()
    this.#acknowledge(
      this.#lost > 0 ? new AgentError('LOG_DROPPED', `${this.tag}: dropped, ${this.#lostReason}`) : undefined,
    )
  }

  #releaseUnused(): void {
    if (this.#waiting > 0 || this.#lent > 0) return
    this.#origin.release(this)
    this.#body = noBody
  }

  /** Once, though a dead letter may be written, and its chunk settled, after the agent has ended. */
  #acknowledge(error: Error | undefined): void {
    for (const ack of this.#origin.acks.splice(0)) ack(error)
  }
}
