/** How much memory rings may have. */
export interface RingMemory {
  /** False, and nothing reserved, where there is no room. */
  reserve(bytes: number): boolean
  release(bytes: number): void
}

/** What stands before each entry: its length (u32), and when it came (f64). */
const headBytes = 12

const firstBytes = 1024

/**
 * Encoded events in the order in which they came, in one circular buffer that grows up to a limit. No event is cut in two:
 *
 *     [ #tail … free … #head | length arrival entry | length arrival entry | … #wrap … unused ]
 *       ^ entries go on here once they reach the end
 */
export class EventRing {
  /** When it was used last, in the words of whoever counts arrivals. */
  usedAt = 0
  readonly #limit: number
  readonly #memory: RingMemory
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #head = 0
  #tail = 0
  /** Where the entries from `#head` on end, while later ones stand before it. */
  #wrap: number | undefined
  #count = 0

  constructor(limit: number, memory: RingMemory) {
    this.#limit = limit
    this.#memory = memory
  }

  get count(): number {
    return this.#count
  }

  /** Adds an entry; answers how many old ones made way for it, and undefined where there is no place even so. */
  push(entry: Uint8Array, arrival: number): number | undefined {
    const needed = headBytes + entry.length
    if (needed > this.#limit) return undefined
    let pushedOut = 0
    while (!this.#makePlace(needed)) {
      if (this.#grow(needed)) continue
      if (this.#count === 0) return undefined
      this.shift()
      pushedOut++
    }
    this.#view.setUint32(this.#tail, entry.length)
    this.#view.setFloat64(this.#tail + 4, arrival)
    this.#bytes.set(entry, this.#tail + headBytes)
    this.#tail += needed
    this.#count++
    return pushedOut
  }

  /** The oldest entry, lent until the next push; undefined where the ring is empty. */
  first(): Uint8Array | undefined {
    if (this.#count === 0) return undefined
    const start = this.#head + headBytes
    return this.#bytes.subarray(start, start + this.#view.getUint32(this.#head))
  }

  /** Microseconds of the time of the oldest entry, which an entry has in bytes 3 to 10 (src/event/entry-writer.ts). */
  get firstMicros(): number {
    const time = this.#head + headBytes + 3
    return this.#view.getUint32(time) * 1e6 + Math.floor(this.#view.getUint32(time + 4) / 1000)
  }

  /** When the oldest entry came. */
  get firstArrival(): number {
    return this.#view.getFloat64(this.#head + 4)
  }

  /** Forgets the oldest entry, of which there must be one. */
  shift(): void {
    this.#head += headBytes + this.#view.getUint32(this.#head)
    this.#count--
    if (this.#head !== this.#wrap) return
    this.#head = 0
    this.#wrap = undefined
  }

  /** Gives its memory back; what it held is lost. */
  close(): void {
    this.#memory.release(this.#bytes.length)
    this.#become(new Uint8Array(0))
    this.#head = this.#tail = this.#count = 0
    this.#wrap = undefined
  }

  /** Whether so many bytes may be written at the tail, which goes back to the start of the buffer where that helps. */
  #makePlace(needed: number): boolean {
    if (this.#count === 0) this.#head = this.#tail = 0
    if (this.#wrap !== undefined) return this.#tail + needed <= this.#head
    if (this.#tail + needed <= this.#bytes.length) return true
    if (this.#count === 0 || needed > this.#head) return false
    this.#wrap = this.#tail
    this.#tail = 0
    return true
  }

  #grow(needed: number): boolean {
    const size = Math.min(this.#limit, Math.max(firstBytes, this.#bytes.length * 2, this.#held + needed))
    const more = size - this.#bytes.length
    if (more === 0 || !this.#memory.reserve(more)) return false
    const grown = new Uint8Array(size)
    const upper = this.#bytes.subarray(this.#head, this.#wrap ?? this.#tail)
    const lower = this.#wrap === undefined ? this.#bytes.subarray(0, 0) : this.#bytes.subarray(0, this.#tail)
    grown.set(upper)
    grown.set(lower, upper.length)
    const held = upper.length + lower.length
    this.#become(grown)
    this.#head = 0
    this.#tail = held
    this.#wrap = undefined
    return true
  }

  #become(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }

  get #held(): number {
    return this.#wrap === undefined ? this.#tail - this.#head : this.#wrap - this.#head + this.#tail
  }
}
