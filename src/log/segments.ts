import type { MemoryBudget } from './memory-budget.js'

/** More free segments than this are left to the garbage collector. These are the eighth of the budget that is never filled. */
const mostFree = 8

/** A span of memory in which chunks lie one behind the other. */
export class Segment {
  readonly #memory: Buffer
  #end = 0
  #chunks = 0

  constructor(memory: Buffer) {
    this.#memory = memory
  }

  get size(): number {
    return this.#memory.length
  }

  get unused(): boolean {
    return this.#chunks === 0
  }

  fits(bytes: number): boolean {
    return this.#end + bytes <= this.#memory.length
  }

  /** Copies a chunk's entries to the end; they stay where they are until the chunk is given back. */
  add(entries: Uint8Array): Uint8Array {
    const start = this.#end
    this.#memory.set(entries, start)
    this.#end += entries.length
    this.#chunks++
    return this.#memory.subarray(start, this.#end)
  }

  /** Its memory from the start, for whoever fills it by other means; each chunk that he finds there is added by `keep`. */
  get memory(): Buffer {
    return this.#memory
  }

  keep(): void {
    this.#chunks++
  }

  /** One of its chunks needs its bytes no more. When it was the last one, all of the memory can be used anew. */
  giveBack(): void {
    if (--this.#chunks === 0) this.#end = 0
  }
}

/**
 * The segments of a lane. Chunks are added to the newest one of their group; a segment whose chunks are all given back is used
 * again. Without that, a busy log would make garbage faster than it is collected, and the process would hold more than its
 * budget. Chunks of one group are for the same readers: those of others would hold the memory of what was delivered long ago.
 *
 *     [ chunk chunk chunk ] [ chunk chunk · · · · ] ◀── newest of A      free [ · · · · · · · ]
 *     [ chunk · · · · · · ] ◀── newest of B
 */
export class Segments {
  readonly #budget: MemoryBudget
  readonly #segmentBytes: number
  readonly #free: Segment[] = []
  readonly #newest = new Map<object, Segment>()

  constructor(budget: MemoryBudget, segmentBytes: number) {
    this.#budget = budget
    this.#segmentBytes = segmentBytes
  }

  /** The segment to add this many bytes of a group to. */
  withRoom(bytes: number, group: object): Segment {
    const newest = this.#newest.get(group)
    if (newest?.fits(bytes)) return newest
    const segment = this.#take(bytes)
    this.#newest.set(group, segment)
    return segment
  }

  /** A segment to itself, for what is read from disk; kept once for whoever asked. */
  lease(bytes: number): Segment {
    const segment = this.#take(bytes)
    segment.keep()
    return segment
  }

  giveBack(segment: Segment, group?: object): void {
    segment.giveBack()
    if (!segment.unused) return
    if (group && segment === this.#newest.get(group)) this.#newest.delete(group)
    this.#put(segment)
  }

  /** A chunk that is larger than a segment gets one of its own size. */
  #take(bytes: number): Segment {
    const free = bytes <= this.#segmentBytes ? this.#free.pop() : undefined
    const segment = free ?? new Segment(Buffer.allocUnsafeSlow(Math.max(bytes, this.#segmentBytes)))
    this.#budget.charge(segment.size)
    return segment
  }

  #put(segment: Segment): void {
    this.#budget.charge(-segment.size)
    if (segment.size === this.#segmentBytes && this.#free.length < mostFree) this.#free.push(segment)
  }
}
