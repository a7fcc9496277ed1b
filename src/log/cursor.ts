import { SequenceSet } from '../base/sequence-set.js'
import type { OutputLedger } from '../observe/ledger.js'
import type { Chunk } from './chunk.js'
import type { ChunkRun, Wish } from './chunk-run.js'
import { ReadHead, type Unread } from './read-head.js'

export interface CursorSettings {
  /** Id of the output. */
  readonly id: string
  readonly matches: (tag: string) => boolean
  /** Older chunks are dropped, in milliseconds. */
  readonly maxAgeMs?: number
  /** Whether a backlog waits until nothing newer does; given with what bounds its rate. */
  readonly backfill?: BackfillLimit
}

/** How much of a backlog may go out, beside what is new. */
export interface BackfillLimit {
  /** Milliseconds until some of it may go; 0 for now. */
  waitMs(): number
  /** This many bytes of it went. */
  spend(bytes: number): void
}

/** Where a cursor stood when the agent ended. */
export interface CursorState {
  /** Everything before was settled. */
  readonly position: number
  /** What was settled beyond it. */
  readonly settled: ReturnType<SequenceSet['toJSON']>
}

/** A live output that is more batches behind than this leaves them to the backfill. */
const mostBatchesBehind = 2

/**
 * How far one output has got in one lane: one head that reads what is new and, where the output wants the newest first, another
 * one that reads the backlog when there is nothing new.
 */
export class Cursor implements Wish {
  readonly ledger: OutputLedger
  readonly id: string
  readonly matches: (tag: string) => boolean
  /** Older chunks are dropped, in milliseconds. */
  readonly maxAgeMs: number
  readonly #run: ChunkRun
  readonly #limit: BackfillLimit | undefined
  #live: ReadHead
  #backfill: ReadHead | undefined
  /** Settled, though an older one is not. */
  #ahead = new SequenceSet()
  #open = false
  /** Called when there is something new to read. */
  onReadable: () => void = () => undefined

  constructor(run: ChunkRun, { id, matches, maxAgeMs = Infinity, backfill }: CursorSettings, ledger: OutputLedger) {
    this.#run = run
    this.id = id
    this.matches = matches
    this.maxAgeMs = maxAgeMs
    this.#limit = backfill
    this.ledger = ledger
    this.#live = this.#head(run.next)
  }

  /** Bytes of sealed chunks not taken yet. */
  get unreadBytes(): number {
    return this.#live.unread.bytes + (this.#backfill?.unread.bytes ?? 0)
  }

  get readable(): boolean {
    return this.#open || this.#live.unread.chunks > 0 || (this.#backfill?.unread.chunks ?? 0) > 0
  }

  /** How long there is nothing to take though there is something to read, in milliseconds. */
  get waitMs(): number {
    return this.#isLive || !this.#backfill ? 0 : (this.#limit?.waitMs() ?? 0)
  }

  /** Whether what comes next must be loaded before it can be taken. */
  get mustLoad(): boolean {
    return this.#current.mustLoad
  }

  /** Everything before this sequence is settled. */
  get settledBefore(): number {
    return Math.min(this.#live.settledBefore, this.#backfill?.settledBefore ?? Infinity)
  }

  /** Nothing before this sequence is still to be taken. */
  get untakenFrom(): number {
    return Math.min(...this.#heads.map((head) => head.untakenFrom))
  }

  /** How long the oldest event that is not settled has waited, in milliseconds; 0 where all are. */
  get oldestPendingMs(): number {
    const before = this.settledBefore
    return before < this.#run.next ? this.#run.ageAt(before) : 0
  }

  get state(): CursorState {
    const position = this.settledBefore
    this.#ahead.deleteBelow(position)
    return { position, settled: this.#ahead.toJSON() }
  }

  wants({ tag, output }: Pick<Chunk, 'tag' | 'output'>): boolean {
    return output === '' ? this.matches(tag) : output === this.id
  }

  isDone(sequence: number): boolean {
    return sequence < this.settledBefore || this.#ahead.has(sequence)
  }

  /** Goes on where it stood before a restart, with this much to read from there on. */
  restore({ position, settled }: CursorState, unread: Unread): void {
    this.#ahead = new SequenceSet(settled)
    this.#live = this.#head(position)
    this.#live.add(unread)
    this.ledger.pending += unread.events
    if (unread.chunks > 0) this.onReadable()
  }

  /** A chunk that this cursor will read was opened. */
  opened(): void {
    this.#open = true
    this.onReadable()
  }

  /** A chunk that this cursor will read was sealed. */
  appended(chunk: Chunk): void {
    this.ledger.routed += chunk.count
    this.adopted(chunk)
  }

  /** A chunk that this cursor will read came from an earlier lane, where it was counted as routed. */
  adopted(chunk: Chunk): void {
    this.ledger.pending += chunk.count
    this.#live.appended(chunk)
    this.onReadable()
  }

  /** The chunk that comes next is not for this output, though it matches: an earlier lane was done with it. */
  pass(): void {
    this.#ahead.add(this.#run.next)
  }

  /** Gives `chunk` up for this output, unless it was taken already. */
  evict(chunk: Chunk, reason: string): void {
    const { sequence } = chunk
    const head = this.#heads.find((each) => each.covers(sequence))
    if (!head || this.isDone(sequence) || !this.#isDue(chunk)) return
    head.hold(chunk)
    this.settle(chunk, chunk.count, reason)
    this.#ahead.add(sequence)
  }

  /** Nothing is to be had before this sequence any more. */
  skipTo(sequence: number): void {
    for (const head of this.#heads) head.position = Math.max(head.position, Math.min(sequence, head.end ?? sequence))
  }

  /** Reads the next chunks from disk, so that they can be taken. Rejects with what the system says. */
  async load(): Promise<void> {
    const head = this.#current
    head.loaded(await this.#run.load(this, head.reached))
  }

  /**
   * The next chunks in order, no more than `maxBytes` together: at least one if there is any within reach, unless it is of a backlog that
   * has to wait.
   */
  take(maxBytes: number): Chunk[] {
    this.#open = false
    this.#run.seal()
    if (this.#limit && this.#live.unread.bytes > mostBatchesBehind * maxBytes) this.#jump(maxBytes)
    if (this.waitMs > 0) return []
    const head = this.#current
    const taken = this.#takeFrom(head, maxBytes)
    if (head === this.#backfill) this.#limit?.spend(taken.reduce((sum, { bytes }) => sum + bytes, 0))
    if (taken.length === 0) this.#missed(head)
    return taken
  }

  /** This output is done with a chunk, having given up `lost` of its events for `reason`. */
  settle(chunk: Chunk, lost = 0, reason = ''): void {
    this.ledger.pending -= chunk.count
    this.ledger.delivered += chunk.count - lost
    if (lost > 0) this.ledger.dropped.add(reason, lost)
    this.#settled(chunk.sequence)
    chunk.settle(lost, reason)
  }

  get #isLive(): boolean {
    return this.#open || this.#live.unread.chunks > 0
  }

  /** The head whose turn it is. */
  get #current(): ReadHead {
    return this.#backfill && !this.#isLive ? this.#backfill : this.#live
  }

  get #heads(): readonly ReadHead[] {
    return this.#backfill ? [this.#backfill, this.#live] : [this.#live]
  }

  #takeFrom(head: ReadHead, maxBytes: number): Chunk[] {
    const taken: Chunk[] = []
    let bytes = 0
    for (let chunk = head.next(); chunk; chunk = head.next()) {
      if (taken.length > 0 && bytes + chunk.bytes > maxBytes) break
      head.take(chunk)
      if (this.#isExpired(chunk)) {
        this.settle(chunk, chunk.count, 'expired')
        continue
      }
      bytes += chunk.bytes
      taken.push(chunk)
    }
    return taken
  }

  #head(position: number): ReadHead {
    return new ReadHead(this.#run, (chunk) => this.#isDue(chunk), position)
  }

  /** Leaves what is unread to the backfill but for the newest batch, with which it goes on. */
  #jump(maxBytes: number): void {
    this.#backfill ??= this.#head(this.#live.position)
    this.#backfill.add(this.#live.leaveButNewest(maxBytes))
    this.#backfill.end = this.#live.position
  }

  #isDue(chunk: Chunk): boolean {
    const { sequence } = chunk
    return !this.#ahead.has(sequence) && !this.#heads.some((head) => head.holds(sequence)) && this.wants(chunk)
  }

  #isExpired(chunk: Chunk): boolean {
    return this.maxAgeMs < Infinity && this.#run.age(chunk) > this.maxAgeMs
  }

  #settled(sequence: number): void {
    const before = this.settledBefore
    for (const head of this.#heads) head.settle(sequence)
    if (sequence !== before) this.#ahead.add(sequence)
    else if (!this.#ahead.isEmpty) this.#ahead.deleteBelow(this.settledBefore)
    if (this.#backfill?.isFinished) this.#backfill = undefined
  }

  /** All there is was read, yet more was counted: a segment was damaged, or is gone. */
  #missed(head: ReadHead): void {
    if (head.mustLoad || head.unread.chunks === 0) return
    const { events } = head.leave()
    this.ledger.pending -= events
    this.ledger.dropped.add('corrupt', events)
    if (this.#backfill?.isFinished) this.#backfill = undefined
  }
}
