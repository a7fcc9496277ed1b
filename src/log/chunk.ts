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
  /** Whether its senders are told as soon as it is on disk, if that is before every output is done with it. */
  readonly ackStored: boolean
  /** Whether it may be dropped to make room for newer ones. */
  readonly evictable: boolean
}

/** What the log does as a chunk goes through its life. */
export interface ChunkKeeper {
  /** No output holds it any more, be it that all are done with it or that some will come back for it. */
  letGo(chunk: Chunk): void
  /** Nobody needs the bytes any more. */
  release(chunk: Chunk): void
}

export interface ChunkFields {
  readonly id: string
  readonly sequence: number
  readonly tag: string
  readonly count: number
  /** Id of the input that the events came from. */
  readonly input: string
  /** Id of the only output that they are for; empty for every output that matches. */
  readonly output: string
  /** When it was sealed, milliseconds since 1970. */
  readonly time: number
  /** The same on the clock of the boot, milliseconds. */
  readonly uptime: number
}

/** Sealed events of one tag from one input, kept until every output that matches them is done with them. */
export class Chunk implements BatchChunk, ChunkFields {
  readonly id: string
  readonly sequence: number
  readonly tag: string
  readonly count: number
  readonly input: string
  readonly output: string
  readonly time: number
  readonly uptime: number
  readonly bytes: number
  /** True once outputs that have not read it yet must leave it out. */
  evicted = false
  /** True once it is durable on disk. */
  stored = false
  /** True while the disk reads its bytes. */
  writing = false
  #body: ChunkBody
  #waiting: number
  #held = 0
  #lent = 0
  #lost = 0
  #lostReason = ''
  #unloaded = false
  #awaitsStore = false
  readonly #origin: ChunkOrigin
  readonly #keeper: ChunkKeeper

  // oxlint-disable-next-line max-params -- an object for each chunk more
  constructor(fields: ChunkFields, body: ChunkBody, readers: number, origin: ChunkOrigin, keeper: ChunkKeeper) {
    this.id = fields.id
    this.sequence = fields.sequence
    this.tag = fields.tag
    this.count = fields.count
    this.input = fields.input
    this.output = fields.output
    this.time = fields.time
    this.uptime = fields.uptime
    this.bytes = body.entries.length
    this.#body = body
    this.#waiting = readers
    this.#origin = origin
    this.#keeper = keeper
  }

  get entries(): Uint8Array {
    return this.#body.entries
  }

  get segment(): Segment | undefined {
    return this.#body.segment
  }

  get evictable(): boolean {
    return this.#origin.evictable
  }

  /** Whether every output is done with it. */
  get released(): boolean {
    return this.#waiting === 0
  }

  /** Whether somebody waits for it to be stored. */
  get awaited(): boolean {
    return this.#origin.ackStored && this.#origin.acks.length > 0
  }

  /** Whether it is to be written, or being so. */
  get awaitsStore(): boolean {
    return this.#awaitsStore
  }

  /** Whether an output has it in hand. */
  get held(): boolean {
    return this.#held > 0
  }

  /** What must be remembered of it while nobody holds it; undefined where there is nothing. */
  get remains(): ChunkRemains | undefined {
    const { acks } = this.#origin
    if (acks.length === 0 && this.#lost === 0) return undefined
    return { acks, lost: this.#lost, lostReason: this.#lostReason }
  }

  /** It was read from disk again. */
  resume({ lost, lostReason }: ChunkRemains): void {
    this.#lost = lost
    this.#lostReason = lostReason
  }

  /** An output has it in hand from now on. */
  hold(): void {
    this.#held++
  }

  letGo(): void {
    if (--this.#held === 0) this.#keeper.letGo(this)
  }

  /** One output that holds this chunk is done with it, having given up `lost` of its events for `reason`. */
  settle(lost = 0, reason = ''): void {
    if (lost > this.#lost) {
      this.#lost = lost
      this.#lostReason = reason
    }
    if (--this.#waiting === 0) this.#finish()
    this.letGo()
  }

  /** It is about to be written: the bytes are needed until it is, and senders that ask for `stored` wait for it. */
  awaitStore(): void {
    if (this.#awaitsStore) return
    this.#awaitsStore = true
    this.lend()
  }

  /** It is durable on disk. */
  store(): void {
    this.stored = true
    if (this.#origin.ackStored) this.#acknowledge(undefined)
    this.giveUpStore()
  }

  /** It cannot be written for now. What was delivered meanwhile is as safe as can be. */
  giveUpStore(): void {
    if (!this.#awaitsStore) return
    this.#awaitsStore = false
    if (this.released) this.#acknowledge(this.#outcome)
    this.giveBack()
  }

  /** A flush reads the bytes from now on, until it gives them back: an output that was given up on may still be reading. */
  lend(): void {
    this.#lent++
  }

  giveBack(): void {
    this.#lent--
    this.#releaseUnused()
  }

  /** It is on disk, and whoever wants it again will read it from there. */
  unload(): void {
    this.#unloaded = true
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
    if (!this.#awaitsStore || !this.#origin.ackStored) this.#acknowledge(this.#outcome)
  }

  get #outcome(): AgentError | undefined {
    if (this.#lost === 0) return undefined
    return new AgentError('LOG_DROPPED', `${this.tag}: dropped, ${this.#lostReason}`)
  }

  #releaseUnused(): void {
    if (this.#lent > 0 || (this.#waiting > 0 && !this.#unloaded) || this.#body === noBody) return
    this.#keeper.release(this)
    this.#body = noBody
  }

  /** Once, though a dead letter may be written, and its chunk settled, after the agent has ended. */
  #acknowledge(error: Error | undefined): void {
    for (const ack of this.#origin.acks.splice(0)) ack(error)
  }
}

/** What is known of a chunk that only the disk holds. */
export interface ChunkRemains {
  readonly acks: Ack[]
  readonly lost: number
  readonly lostReason: string
}
