import { EntryWriter } from '../event/entry-writer.js'
import type { EventRecord } from '../event/event.js'
import type { InputLedger } from '../observe/ledger.js'
import type { Ack } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { Lane, OpenChunks } from './lane.js'
import { Pause } from './pause.js'

/** What happens to events when the memory for them is full. */
export type FullPolicy = 'wait' | 'drop_oldest' | 'drop_newest'

/** When acks are called: as soon as an event is in memory, when it is on disk, or when every output is done with it. */
export type AckLevel = 'received' | 'stored' | 'delivered'

export interface AppenderSettings {
  /** Id of the input. */
  readonly id: string
  readonly full: FullPolicy
  readonly ack: AckLevel
}

/** A chunk is sealed when this much of it is left, so that a usual event more does not make its buffer grow. */
const spareShare = 1 / 32

/** As many as a frame on disk can tell. */
const longestTagBytes = 65_535

const mostTagShown = 200

class OpenChunk {
  readonly writer: EntryWriter
  count = 0
  charged = 0
  acks: Ack[] = []

  constructor(writer: EntryWriter) {
    this.writer = writer
  }
}

/** The writing end of a lane for one input: encodes events into one open chunk for each tag. */
export class Appender implements OpenChunks {
  readonly ledger: InputLedger
  /** How long readers waited for room. */
  readonly pause: Pause
  /** Events and bytes of the chunks that were sealed since the agent started. */
  readonly sealed = { events: 0, bytes: 0 }
  readonly #lane: Lane
  readonly #settings: AppenderSettings
  readonly #ackReceived: boolean
  readonly #sealedBytes: number
  readonly #open = new Map<string, OpenChunk>()
  #lastTag = ''
  #last: OpenChunk | undefined
  /** The writer of a chunk that was sealed, for the next one that is opened. */
  #spare: EntryWriter | undefined

  constructor(lane: Lane, settings: AppenderSettings, ledger: InputLedger) {
    this.#lane = lane
    this.#settings = settings
    this.#ackReceived = settings.ack === 'received'
    this.#sealedBytes = lane.chunkBytes * (1 - spareShare)
    this.ledger = ledger
    this.pause = new Pause(() => lane.uptime)
  }

  /** Whether the input may go on reading. */
  get hasRoom(): boolean {
    return this.#settings.full !== 'wait' || !this.#lane.budget.full
  }

  room(): Promise<void> {
    const { budget } = this.#lane
    if (this.#settings.full !== 'wait') return Promise.resolve()
    return budget.full ? this.pause.during(budget.room()) : budget.room()
  }

  /** Charges bytes of events to come to the memory; false, and nothing charged, where there is no room for them. */
  reserve(bytes: number): boolean {
    const { budget } = this.#lane
    if (budget.full || budget.exceededBy(bytes)) return false
    budget.charge(bytes)
    return true
  }

  release(bytes: number): void {
    this.#lane.budget.charge(-bytes)
  }

  /** Events that are in no sealed chunk yet. */
  get openCount(): number {
    let count = 0
    for (const chunk of this.#open.values()) count += chunk.count
    return count
  }

  /** Takes one event, counted as accepted by the caller. Time is milliseconds since 1970 UTC split as an EventTime is. */
  // oxlint-disable-next-line max-params -- an object for each event would cost as much as encoding it
  append(tag: string, seconds: number, nanoseconds: number, record: EventRecord, ack?: Ack): void {
    const chunk = this.#chunkFor(tag, 0, 1, ack)
    if (!chunk) return
    chunk.writer.writeEvent(seconds, nanoseconds, record)
    this.#added(tag, chunk, 1, ack)
  }

  /** Takes events that are encoded already, counted as accepted by the caller. The bytes are copied. */
  appendEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): void {
    const chunk = this.#chunkFor(tag, entries.length, count, ack)
    if (!chunk) return
    chunk.writer.append(entries)
    this.#added(tag, chunk, count, ack)
  }

  seal(): void {
    for (const [tag, chunk] of this.#open) if (chunk.count > 0) this.#seal(tag, chunk)
    this.#open.clear()
    this.#last = undefined
  }

  #chunkFor(tag: string, bytes: number, count: number, ack: Ack | undefined): OpenChunk | undefined {
    if (this.#lane.budget.full && !this.#makeRoom(bytes)) return this.#refuse(this.#whyFull, tag, count, ack)
    const open = this.#last && tag === this.#lastTag ? this.#last : this.#open.get(tag)
    if (open && (open.count === 0 || open.writer.size + bytes <= this.#lane.chunkBytes)) return this.#use(tag, open)
    if (open) this.#sealFull(tag, open)
    const chunk = this.#openChunk(tag)
    if (typeof chunk === 'string') return this.#refuse(chunk, tag.slice(0, mostTagShown), count, ack)
    return this.#use(tag, chunk)
  }

  #use(tag: string, chunk: OpenChunk): OpenChunk {
    this.#lastTag = tag
    this.#last = chunk
    return chunk
  }

  /** The chunk, or why there is none. */
  #openChunk(tag: string): OpenChunk | string {
    if (Buffer.byteLength(tag) > longestTagBytes) return 'tag_too_long'
    const readers = this.#lane.readers(tag)
    if (readers.length === 0) return 'no_route'
    const chunk = new OpenChunk(this.#spare ?? new EntryWriter())
    this.#spare = undefined
    this.#open.set(tag, chunk)
    this.#lane.opened(this)
    for (const reader of readers) reader.opened()
    return chunk
  }

  #added(tag: string, chunk: OpenChunk, count: number, ack: Ack | undefined): void {
    chunk.count += count
    this.ledger.pending += count
    if (ack && this.#ackReceived) ack()
    else if (ack) this.#promise(chunk, ack)
    const grown = chunk.writer.capacity - chunk.charged
    if (grown !== 0) {
      this.#lane.budget.charge(grown)
      chunk.charged += grown
    }
    if (chunk.writer.size >= this.#sealedBytes) this.#sealFull(tag, chunk)
  }

  #promise(chunk: OpenChunk, ack: Ack): void {
    chunk.acks.push(ack)
    if (this.#settings.ack === 'stored') this.#lane.hurry()
  }

  #sealFull(tag: string, chunk: OpenChunk): void {
    this.#open.delete(tag)
    if (chunk === this.#last) this.#last = undefined
    this.#seal(tag, chunk)
  }

  #seal(tag: string, { writer, count, charged, acks }: OpenChunk): void {
    const { id, ack, full } = this.#settings
    const origin = { ledger: this.ledger, acks, ackStored: ack === 'stored', evictable: full === 'drop_oldest' }
    this.sealed.events += count
    this.sealed.bytes += writer.size
    this.#lane.append({ tag, entries: writer.peek(), count, input: id }, origin)
    this.#lane.budget.charge(-charged)
    writer.clear()
    // Growing doubles a buffer: one that held a chunk has at most twice its size, a larger one is a rarity not worth keeping.
    if (writer.capacity <= 2 * this.#lane.chunkBytes) this.#spare = writer
  }

  /** An input that is told to wait may still hand over what it has read, up to the limit itself. */
  #makeRoom(bytes: number): boolean {
    if (this.#lane.ended) return false
    this.#lane.relieve()
    switch (this.#settings.full) {
      case 'wait':
        return !this.#lane.budget.exceededBy(bytes)
      case 'drop_oldest':
        return this.#lane.makeRoom(bytes)
      case 'drop_newest':
        return !this.#lane.budget.full
    }
  }

  get #whyFull(): string {
    return this.#lane.ended ? 'stopped' : 'memory_full'
  }

  #refuse(reason: string, tag: string, count: number, ack: Ack | undefined): undefined {
    this.ledger.dropped.add(reason, count)
    ack?.(new AgentError('LOG_REFUSED', `${tag}: ${count} events dropped, ${reason}`))
  }
}
