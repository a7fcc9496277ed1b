import type { Clock } from '../base/clock.js'
import { RecentMap } from '../base/recent-map.js'
import type { Ack } from '../plugin/context.js'

/** Chunks that are remembered, each with some 150 bytes. */
const mostChunks = 10_000

/** Repeats of one chunk that wait for it; those of them that came first have long been given up by their senders. */
const mostRepeats = 16

interface Chunk {
  /** When it was taken. */
  takenMs: number
  /** Repeats that wait until the first one is settled; undefined once it was taken. */
  repeats: Ack[] | undefined
}

/** Which chunks were taken not long ago, so that what a sender sends again is not taken again. */
export class RecentChunks {
  readonly #windowMs: number
  readonly #clock: Clock
  readonly #chunks = new RecentMap<string, Chunk>(mostChunks)

  constructor(windowMs: number, clock: Clock) {
    this.#windowMs = windowMs
    this.#clock = clock
  }

  /**
   * What to call once the chunk was taken, or was not, which tells `told`. Undefined where the chunk is known: then `told` is
   * called as soon as it is settled. One that was not taken is forgotten.
   */
  begin(key: string, told: Ack): Ack | undefined {
    const known = this.#chunks.get(key)
    if (!known || this.#isOver(known)) return this.#first(key, told)
    if (!known.repeats) told()
    else if (known.repeats.push(told) > mostRepeats) known.repeats.shift()
    return undefined
  }

  /** Never while it is under way, however long a server further on is down. */
  #isOver({ takenMs, repeats }: Chunk): boolean {
    return !repeats && this.#clock.monotonic() - takenMs > this.#windowMs
  }

  #first(key: string, told: Ack): Ack {
    const chunk: Chunk = { takenMs: Infinity, repeats: [] }
    this.#chunks.set(key, chunk)
    return (error) => {
      const repeats = chunk.repeats ?? []
      chunk.repeats = undefined
      chunk.takenMs = this.#clock.monotonic()
      // Among many others it may have been forgotten meanwhile, and begun anew.
      if (error && this.#chunks.get(key) === chunk) this.#chunks.delete(key)
      told(error)
      for (const repeat of repeats) repeat(error)
    }
  }
}
