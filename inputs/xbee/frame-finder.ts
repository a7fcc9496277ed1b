import { checksumOf } from 'sluice/framing'
import { unescaped } from './escapes.js'

export interface FinderSettings {
  /** Whether bytes are escaped, as with AP=2. */
  readonly escaped: boolean
  /** Bytes of frame data that a frame may have. */
  readonly maxFrame: number
  /** Told of each frame that is given up, with a snake_case reason. */
  onDamage(reason: string): void
  /** Told of bytes that are no part of a frame. */
  onNoise(bytes: number): void
}

type Found = { readonly frame: Buffer; readonly end: number } | { readonly wrong: string } | 'torn'

const delimiter = 0x7e
const nothing = Buffer.alloc(0)
const { sum } = checksumOf('sum8')

/**
 * Finds API frames in the bytes of a line (Digi, XBee user guides, "API frame format"):
 *
 *     7E  length (2, big endian)  frame data (length)  checksum
 *
 * The low byte of the sum of frame data and checksum is FF. What looks like a frame and is none is given up for its first byte alone,
 * so a frame that lies within it is found.
 */
export class FrameFinder {
  readonly #settings: FinderSettings
  #held: Buffer = nothing

  constructor(settings: FinderSettings) {
    this.#settings = settings
  }

  /** Bytes of a frame whose end was not seen yet. */
  get pending(): number {
    return this.#held.length
  }

  /** The frame data of the frames that are whole now, lent until the next call. */
  push(bytes: Uint8Array): readonly Buffer[] {
    return this.#find(Buffer.concat([this.#held, bytes]), false)
  }

  /** No more bytes come for now: what is unfinished is given up, but for whole frames in it. */
  giveUp(): readonly Buffer[] {
    return this.#find(this.#held, true)
  }

  #find(bytes: Buffer, isLast: boolean): readonly Buffer[] {
    const frames: Buffer[] = []
    let at = 0
    for (;;) {
      const start = bytes.indexOf(delimiter, at)
      this.#noise((start < 0 ? bytes.length : start) - at)
      if (start < 0) return this.#hold(nothing, frames)
      const found = this.#read(bytes, start)
      if (found === 'torn' && !isLast) return this.#hold(bytes.subarray(start), frames)
      if (typeof found === 'object' && 'frame' in found) {
        frames.push(found.frame)
        at = found.end
        continue
      }
      this.#settings.onDamage(found === 'torn' ? 'cut_off' : found.wrong)
      at = start + 1
    }
  }

  #hold(bytes: Buffer, frames: readonly Buffer[]): readonly Buffer[] {
    this.#held = bytes
    return frames
  }

  #noise(bytes: number): void {
    if (bytes > 0) this.#settings.onNoise(bytes)
  }

  #read(bytes: Buffer, start: number): Found {
    const head = this.#content(bytes, start + 1, 2)
    if ('wrong' in head || head.bytes.length < 2) return 'wrong' in head ? head : 'torn'
    const length = head.bytes.readUInt16BE()
    if (length === 0) return { wrong: 'bad_length' }
    if (length > this.#settings.maxFrame) return { wrong: 'too_long' }
    const body = this.#content(bytes, head.end, length + 1)
    if ('wrong' in body || body.bytes.length <= length) return 'wrong' in body ? body : 'torn'
    if (sum(body.bytes, 0, length + 1) !== 0xff) return { wrong: 'bad_checksum' }
    return { frame: body.bytes.subarray(0, length), end: body.end }
  }

  /** The next `count` bytes of content, or fewer where `bytes` end before. */
  #content(bytes: Buffer, from: number, count: number): ReturnType<typeof unescaped> {
    if (this.#settings.escaped) return unescaped(bytes, from, count)
    return { bytes: bytes.subarray(from, from + count), end: from + count }
  }
}
