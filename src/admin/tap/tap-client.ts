import type { Cancel, Clock } from '../../base/clock.js'
import { TokenBucket } from '../../base/token-bucket.js'
import { skipEntries } from '../../event/cut-entries.js'
import type { EncodedEvents } from '../../event/event.js'
import { entryJson } from './event-json.js'
import { mostRate, type TapQuery } from './tap-query.js'

/** The connection of one client; it never waits, and drops its oldest when the client is slow. */
export interface TapSink {
  readonly dropped: number
  /** One event, as JSON. */
  event(json: string): void
  /** So many events were left out since it was last told. */
  lost(count: number): void
}

/** Larger events are left out. */
const mostEntryBytes = 64 * 1024

/** How long events gather: a client costs a few writes a second, however many chunks come. */
const gatherMs = 100

/** What gathers of all clients to become JSON; the rest is left out. */
const mostGatheredBytes = 256 * 1024

interface Picked {
  readonly tag: string
  readonly entry: Uint8Array
}

/**
 * One client of `/tap`. What it takes of a chunk while that is appended are copies of the few events that it may have; they become
 * JSON later, many at once.
 */
export class TapClient {
  readonly #query: TapQuery
  readonly #clock: Clock
  readonly #sink: TapSink
  readonly #bucket: TokenBucket
  readonly #picked: Picked[] = []
  #pickedBytes = 0
  #mostPickedBytes = mostGatheredBytes
  #seen = 0
  #left = 0
  #told = 0
  #cancel: Cancel | undefined

  constructor(query: TapQuery, clock: Clock, sink: TapSink) {
    this.#query = query
    this.#clock = clock
    this.#sink = sink
    this.#bucket = new TokenBucket(query.rate, clock.monotonic())
  }

  /** Events that it asked for and did not get. */
  get dropped(): number {
    return this.#left + this.#sink.dropped
  }

  /** It gets this part of what all clients get together, and no more than it asked for. */
  share(part: number): void {
    this.#bucket.limit(Math.min(this.#query.rate, mostRate * part), this.#clock.monotonic())
    this.#mostPickedBytes = mostGatheredBytes * part
  }

  /** Its client is gone. */
  close(): void {
    this.#cancel?.()
  }

  /** Never throws, and does nothing for more events than it may have. */
  see({ tag, entries, count }: EncodedEvents): void {
    const { matches, sample } = this.#query
    if (!matches(tag)) return
    const first = (sample - (this.#seen % sample)) % sample
    const wanted = Math.max(0, Math.ceil((count - first) / sample))
    this.#seen += count
    const picked = this.#pick({ tag, entries, count }, first, wanted)
    this.#left += wanted - picked
    if (wanted > 0) this.#sendSoon()
  }

  /** How many of the wanted events were within the rate. */
  #pick({ tag, entries }: EncodedEvents, first: number, wanted: number): number {
    const now = this.#clock.monotonic()
    let picked = 0
    let skip = first
    try {
      for (let at = 0; picked < wanted && this.#mayPick(now); picked++) {
        const start = skipEntries(entries, at, skip)
        at = skipEntries(entries, start, 1)
        if (at - start > mostEntryBytes) this.#left++
        else this.#keep(tag, entries.subarray(start, at))
        this.#bucket.spend(1, now)
        skip = this.#query.sample - 1
      }
    } catch {
      // Events that cannot be read are the outputs' to find and to tell of.
    }
    return picked
  }

  #mayPick(now: number): boolean {
    return this.#pickedBytes < this.#mostPickedBytes && this.#bucket.waitMs(now) === 0
  }

  #keep(tag: string, entry: Uint8Array): void {
    this.#picked.push({ tag, entry: Uint8Array.from(entry) })
    this.#pickedBytes += entry.length
  }

  #sendSoon(): void {
    this.#cancel ??= this.#clock.after(gatherMs, () => {
      this.#cancel = undefined
      this.#send()
    })
  }

  #send(): void {
    this.#pickedBytes = 0
    for (const { tag, entry } of this.#picked.splice(0)) {
      try {
        this.#sink.event(entryJson(tag, entry))
      } catch {
        this.#left++ // it cannot be read
      }
    }
    const { dropped } = this
    if (dropped > this.#told) this.#sink.lost(dropped - this.#told)
    this.#told = dropped
  }
}
