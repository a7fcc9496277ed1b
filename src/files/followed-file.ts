import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { SettledPlaces } from '../plugin/settled-places.js'
import { canGrow, hasHead, type Head, isWhole, noHead, readHead } from './head.js'
import type { Positions } from './positions.js'

export interface Opened {
  readonly handle: FileHandle
  readonly identity: string
  readonly path: string
}

/** What tells cheaply that a file was not written to. */
export type Seen = Pick<Stats, 'size' | 'mtimeMs'>

/** One open file and how far it was read. */
export class FollowedFile {
  readonly identity: string
  /** Where it was found first: its events keep this name when it is renamed. */
  readonly path: string
  readonly handle: FileHandle
  /** Where the next block begins. */
  offset: number
  /** The next block begins in a line that was given up. */
  skipping = false
  /** It may have more than was read. */
  changed = true
  /** Since when, on the monotonic clock, no path leads to it. */
  goneSince: number | undefined
  settled: SettledPlaces
  readonly #positions: Positions
  #head: Head = noHead
  #seen: Seen | undefined
  #isClosed = false

  constructor(opened: Opened, offset: number, positions: Positions) {
    this.handle = opened.handle
    this.identity = opened.identity
    this.path = opened.path
    this.offset = offset
    this.#positions = positions
    this.settled = this.#newSettled()
  }

  /** Looks at its beginning once more of it was read. Called before events are emitted, so that no position lacks it. */
  async learnHead(known: number): Promise<void> {
    if (canGrow(this.#head, known)) this.#head = await readHead(this.handle, known)
  }

  /** Whether another file begins as this one does, for so long that it is no chance. */
  async isCopiedIn(handle: FileHandle): Promise<boolean> {
    return isWhole(this.#head) && (await hasHead(handle, this.#head))
  }

  /** No path leads to it since then; what it has is read before the file that took its name. */
  leave(now: number): void {
    this.goneSince = now
    this.changed = true
  }

  /**
   * Whether there is nothing to read since `seen` was noted, something more, or, as it was truncated or written anew,
   * all of it again.
   */
  async look({ size, mtimeMs }: Seen): Promise<'nothing' | 'more' | 'anew'> {
    if (size === this.#seen?.size && mtimeMs === this.#seen.mtimeMs) return 'nothing'
    if (size >= this.offset && (await hasHead(this.handle, this.#head))) return 'more'
    this.offset = 0
    this.skipping = false
    this.#head = noHead
    this.settled = this.#newSettled()
    return 'anew'
  }

  /** All that it had when it was seen like this was read. */
  note(seen: Seen): void {
    this.#seen = seen
  }

  savePosition(offset: number): void {
    this.#positions.save(this.identity, { path: this.path, offset, head: this.#head })
  }

  /** Closes it for good; its position is forgotten as soon as no event of it is in flight. */
  async retire(): Promise<void> {
    this.#isClosed = true
    if (this.settled.idle) this.#positions.forget(this.identity)
    await this.handle.close()
  }

  /** Acks of what was read before a restart say nothing about what is read after it. */
  #newSettled(): SettledPlaces {
    const settled = new SettledPlaces((offset) => {
      if (settled !== this.settled) return
      if (this.#isClosed && settled.idle) this.#positions.forget(this.identity)
      else this.savePosition(offset)
    })
    return settled
  }
}
