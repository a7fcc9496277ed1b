import type { FramerOptions } from '../plugin/framing.js'
import type { Scanner } from '../plugin/framing-scanner.js'
import type { PlacedChecksum } from './placed-checksum.js'
import { placeOf } from './start-stop-scanner.js'

/** Frames whose size is known from their first bytes. */
export interface SizedFrames {
  /** What every frame begins and ends with; may be empty. */
  readonly start: Buffer
  readonly stop: Buffer
  /** Bytes of a frame that tell its size, `start` among them. */
  readonly header: number
  /** The size of all of a frame that begins at `at`. */
  sizeAt(bytes: Buffer, at: number): number
  readonly keepHeader: boolean
  readonly checksum: PlacedChecksum | undefined
}

/** Bytes of a frame without content: no frame is shorter. */
export function leastSize({ header, stop, checksum }: SizedFrames): number {
  return header + stop.length + (checksum?.taken ?? 0)
}

type Told = Pick<FramerOptions, 'maxFrame' | 'onOversize' | 'onDamage' | 'onNoise'>
type Found = 'noise' | 'frame' | 'skipped'

/** Bytes of checksums that may be worked out in vain for each byte that came: noise full of starts must not cost more. */
const vainPerByte = 64

/**
 * Takes a frame to be one only when all that can be known of it fits: start, size, stop, checksum. Where one does not, and there is
 * something to know the next frame by, the next is looked for from the second byte on, so that a garbled size never costs more than
 * its own frame. Where there is nothing to know it by, sizes are believed, and too long frames are stepped over.
 */
export class HuntingScanner implements Scanner {
  readonly rescan = Infinity
  readonly #frames: SizedFrames
  readonly #told: Told
  readonly #hunts: boolean
  readonly #least: number
  readonly #most: number
  #found: Found = 'noise'
  #finishing = false
  /** Bytes of a too long frame that are still to come. */
  #skip = 0
  /** Bytes that belong to a frame which was reported: what is wrong within it is not reported again. */
  #reported = 0
  #credit: number

  constructor(frames: SizedFrames, told: Told) {
    const { start, stop, checksum } = frames
    this.#frames = frames
    this.#told = told
    this.#hunts = start.length + stop.length > 0 || checksum !== undefined
    this.#least = leastSize(frames)
    this.#most = told.maxFrame + this.trailer
    this.#credit = vainPerByte * this.#most
  }

  /** What a frame has besides its content. */
  get trailer(): number {
    const { keepHeader, header } = this.#frames
    return this.#least - (keepHeader ? header : 0)
  }

  find(bytes: Buffer, from: number): number {
    if (from === bytes.length) return -1
    if (this.#skip > 0) return this.#stepOver(bytes, from)
    const { start, header } = this.#frames
    const begin = placeOf(start, bytes, from)
    if (begin > from) return this.#end('noise', begin)
    if (from + header > bytes.length) return this.#unfinished(bytes, from)
    const size = this.#frames.sizeAt(bytes, from)
    if (!(size >= this.#least && size <= this.#most)) return this.#refuseSize(bytes, from, size)
    if (from + size > bytes.length) return this.#unfinished(bytes, from)
    return this.#check(bytes, from, size)
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
    const size = end - start
    this.#credit = Math.min(this.#credit + size * vainPerByte, this.#most * vainPerByte)
    this.#reported = this.#found === 'frame' ? 0 : Math.max(0, this.#reported - size)
    if (this.#found === 'noise') this.#told.onNoise?.(size)
    if (this.#found !== 'frame') return undefined
    const { keepHeader, header, stop, checksum } = this.#frames
    return bytes.subarray(start + (keepHeader ? 0 : header), end - stop.length - (checksum?.taken ?? 0))
  }

  finish(): void {
    this.#finishing = true
  }

  /** `finish` left nothing. */
  last(): undefined {
    return undefined
  }

  reset(): void {
    this.#finishing = false
    this.#skip = this.#reported = 0
  }

  #check(bytes: Buffer, from: number, size: number): number {
    const { stop, checksum } = this.#frames
    const end = from + size
    const stopEnd = checksum?.behindStop ? end - checksum.taken : end
    if (stop.length > 0 && stop.compare(bytes, stopEnd - stop.length, stopEnd) !== 0) {
      this.#report('bad_stop', size)
      return this.#huntOn(bytes, from)
    }
    const sumEnd = checksum?.behindStop ? end : end - stop.length
    if (!checksum || checksum.holds(bytes, from, sumEnd)) return this.#end('frame', end)
    this.#report('bad_checksum', size)
    this.#credit -= size
    return this.#credit < 0 ? this.#end('noise', end) : this.#huntOn(bytes, from)
  }

  #refuseSize(bytes: Buffer, from: number, size: number): number {
    const { header } = this.#frames
    if (size > this.#most && this.#reported === 0) this.#told.onOversize(size - this.trailer)
    else this.#report('bad_length', header)
    this.#reported = Math.max(this.#reported, header)
    if (this.#hunts || !(size > this.#most)) return this.#huntOn(bytes, from)
    this.#skip = size
    return this.#stepOver(bytes, from)
  }

  #stepOver(bytes: Buffer, from: number): number {
    const step = Math.min(this.#skip, bytes.length - from)
    this.#skip -= step
    return this.#end('skipped', from + step)
  }

  #unfinished(bytes: Buffer, from: number): number {
    if (!this.#finishing) return -1
    this.#report('cut_off', bytes.length - from)
    return this.#hunts ? this.#huntOn(bytes, from) : this.#end('noise', bytes.length)
  }

  /** To where the next frame may begin. */
  #huntOn(bytes: Buffer, from: number): number {
    return this.#end('noise', placeOf(this.#frames.start, bytes, from + 1))
  }

  #report(reason: string, size: number): void {
    if (this.#reported > 0) return
    this.#told.onDamage?.(reason)
    this.#reported = size
  }

  #end(found: Found, at: number): number {
    this.#found = found
    return at
  }
}
