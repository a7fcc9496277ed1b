import type { FramerOptions } from '../plugin/framing.js'
import type { Scanner } from '../plugin/framing-scanner.js'
import type { PlacedChecksum } from './placed-checksum.js'

export interface StartStop {
  readonly start: Buffer
  /** What ends a frame; empty where that is the start of the next. */
  readonly stop: Buffer
  /** The byte behind which one means itself. */
  readonly escape: number | undefined
  /** What stands behind the stop, over the bytes as they come. */
  readonly checksum: PlacedChecksum | undefined
}

type Told = Pick<FramerOptions, 'maxFrame' | 'onNoise' | 'onDamage'>
type Found = 'noise' | 'frame' | 'cut' | 'long' | 'wrong'
/** What begins at a place; what the bytes end within is torn. */
type Mark = 'stop' | 'start' | 'escape' | 'torn' | 'none'

/**
 * Frames between two marks. What lies outside is noise; a start within a frame says that its end was lost, and another begins.
 *
 *     noise  start  content … escape stop … content  stop  [checksum]  noise  start  …
 *
 * Where the checksum is wrong its bytes may be others, so the next frame may begin among them.
 */
export class StartStopScanner implements Scanner {
  readonly #marks: StartStop
  readonly #told: Told
  /** 1 for each byte that a mark may begin with. */
  readonly #means = new Uint8Array(256)
  #inside = false
  #found: Found = 'noise'
  /** Bytes at the end of what was looked at that may be a part of a mark. */
  #partial = 0
  /** The frame is longer than one may be, and not all of it is there any more. */
  #tooLong = false
  /** Bytes behind the stop that the last frame had. */
  #behind = 0

  constructor(marks: StartStop, told: Told) {
    this.#marks = marks
    this.#told = told
    for (const byte of [marks.start[0], marks.stop[0], marks.escape]) if (byte !== undefined) this.#means[byte] = 1
  }

  get header(): number {
    return this.#marks.start.length
  }

  get rescan(): number {
    return this.#partial
  }

  get trailer(): number {
    const { start, stop } = this.#marks
    if (this.#found === 'long') return start.length
    return this.#found === 'frame' ? start.length + stop.length + this.#behind : 0
  }

  find(bytes: Buffer, from: number): number {
    this.#partial = 0
    if (this.#inside) return this.#findEnd(bytes, 0, from)
    const { start } = this.#marks
    const begin = placeOf(start, bytes, from)
    if (begin > from) return this.#end('noise', begin)
    if (begin + start.length > bytes.length) return this.#wait(bytes.length - from)
    this.#inside = true
    return this.#findEnd(bytes, begin, begin + start.length)
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
    if (this.#found === 'frame') return this.#content(bytes, start, end - this.#marks.stop.length - this.#behind)
    // So long that the framer takes it for no frame.
    if (this.#found === 'long') return this.#content(bytes, start, end)
    if (this.#found === 'cut') this.#told.onDamage?.('cut_off')
    else if (this.#found === 'wrong') this.#told.onDamage?.('bad_checksum')
    else this.#told.onNoise?.(end - start)
    return undefined
  }

  last(bytes: Buffer): Uint8Array | undefined {
    if (this.#inside && this.#marks.stop.length === 0) return this.#content(bytes, 0, bytes.length)
    if (this.#inside) this.#told.onDamage?.('cut_off')
    else this.#told.onNoise?.(bytes.length)
    return undefined
  }

  reset(): void {
    this.#inside = this.#tooLong = false
    this.#partial = 0
  }

  #content(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
    const begin = start + this.#marks.start.length
    return end > begin ? bytes.subarray(begin, end) : undefined
  }

  #findEnd(bytes: Buffer, begin: number, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (this.#means[bytes[at] as number] === 0) continue
      const mark = this.#markAt(bytes, at)
      if (mark === 'stop') return this.#stopped(bytes, begin, at)
      if (mark === 'start') return this.#restarted(begin, at)
      if (mark === 'torn') return this.#goOn(bytes, begin, at)
      if (mark === 'escape') at++
    }
    return this.#goOn(bytes, begin, bytes.length)
  }

  /** A stop stands at `at`. Of what is too long no checksum can be told. */
  #stopped(bytes: Buffer, begin: number, at: number): number {
    const { start, stop, checksum } = this.#marks
    const end = at + stop.length
    if (this.#isTooLong(begin, at) || !checksum) return this.#end('frame', end)
    const behind = end + checksum.taken
    if (behind > bytes.length) return this.#goOn(bytes, begin, at)
    if (!checksum.holds(bytes, begin + start.length, behind)) return this.#end('wrong', end)
    return this.#end('frame', behind, checksum.taken)
  }

  /** Another start stands at `at`: the frame ends there, or its end was lost. */
  #restarted(begin: number, at: number): number {
    if (this.#marks.stop.length === 0) return this.#end('frame', at)
    return this.#end(this.#isTooLong(begin, at) ? 'long' : 'cut', at)
  }

  /** The frame goes on; what is from `at` on is to be looked at again. */
  #goOn(bytes: Buffer, begin: number, at: number): number {
    this.#isTooLong(begin, at)
    return this.#wait(bytes.length - at)
  }

  #isTooLong(begin: number, at: number): boolean {
    this.#tooLong ||= at - begin - this.#marks.start.length > this.#told.maxFrame
    return this.#tooLong
  }

  #markAt(bytes: Buffer, at: number): Mark {
    const { start, stop, escape } = this.#marks
    const ends = beginsAt(stop, bytes, at)
    if (ends === 'yes') return 'stop'
    // A stop may begin with what a start is.
    if (ends === 'perhaps') return 'torn'
    const begins = beginsAt(start, bytes, at)
    if (begins === 'yes') return 'start'
    if (begins === 'perhaps') return 'torn'
    if (bytes[at] !== escape) return 'none'
    return at + 1 < bytes.length ? 'escape' : 'torn'
  }

  #end(found: Found, at: number, behind = 0): number {
    this.#found = found
    this.#behind = behind
    this.#inside = this.#tooLong = false
    return at
  }

  #wait(partial: number): number {
    this.#partial = partial
    return -1
  }
}

type Begins = 'yes' | 'no' | 'perhaps'

/** Whether a mark stands at a place; perhaps where the bytes end within it. An empty mark stands nowhere. */
function beginsAt(mark: Buffer, bytes: Buffer, at: number): Begins {
  if (mark.length === 0) return 'no'
  const end = Math.min(at + mark.length, bytes.length)
  for (let index = at; index < end; index++) if (bytes[index] !== mark[index - at]) return 'no'
  return end === at + mark.length ? 'yes' : 'perhaps'
}

/** The first place from `from` on where a mark stands, or may begin at the end; else the end of the bytes. */
export function placeOf(mark: Buffer, bytes: Buffer, from: number): number {
  if (mark.length === 0) return from
  const found = bytes.indexOf(mark, from)
  if (found >= 0) return found
  let at = Math.max(from, bytes.length - mark.length + 1)
  while (at < bytes.length && beginsAt(mark, bytes, at) === 'no') at++
  return at
}
