import type { Framing } from './context.js'
import { JsonScanner } from './framing-json.js'
import { LineScanner } from './framing-lines.js'
import { MsgpackScanner } from './framing-msgpack.js'
import type { Scanner } from './framing-scanner.js'
import { wholeScanner } from './framing-whole.js'

export interface FramerOptions {
  /** Bytes a frame may have, its delimiter left out. */
  readonly maxFrame: number
  /** Told of every frame that was longer, with its size once its end was seen. */
  onOversize(bytes: number): void
  /** Told why a frame was given up, in a snake_case word. */
  onDamage?(reason: string): void
  /** Told of bytes between frames that are no part of any. */
  onNoise?(bytes: number): void
  /** What a frame holds, where that is not its bytes as they are; undefined where it is no frame. */
  open?: ((frame: Uint8Array) => Uint8Array | undefined) | undefined
  /** Ends a frame of `lines`, instead of a newline with or without a carriage return before it. */
  readonly delimiter?: Uint8Array | string
}

/**
 * Cuts a byte stream into frames. Frames are views, lent until the next `push`: of the bytes just pushed where a frame lies
 * in them whole, else of the one buffer that holds what is unfinished.
 */
export interface Framer {
  push(bytes: Uint8Array): Iterable<Uint8Array>
  /** The stream ended: what is unfinished is its last frame. */
  end(): Iterable<Uint8Array>
  /** Bytes held of a frame whose end was not seen yet. */
  readonly pending: number
}

/** A framer for one stream; the memory that it holds never passes `maxFrame` and one push. */
export function framerOf(framing: Framing, options: FramerOptions): Framer {
  return new ScanningFramer(scannerOf(framing, options), options)
}

/** The same for frames that a scanner of another kind finds. */
export function framerWith(scanner: Scanner, options: FramerOptions): Framer {
  return new ScanningFramer(scanner, options)
}

function scannerOf(framing: Framing, { delimiter, maxFrame }: FramerOptions): Scanner {
  switch (framing) {
    case 'lines':
      return new LineScanner(delimiter)
    case 'json':
      return new JsonScanner(maxFrame)
    case 'msgpack':
      return new MsgpackScanner()
    case 'bytes':
    case 'whole':
      return wholeScanner
  }
}

/**
 *     #held   [ . . . u n f i n i s h e d . . . . ]
 *                     ^#start           ^#end
 *
 * Bytes below #start were given out as frames, so they are overwritten only by the next push.
 */
class ScanningFramer implements Framer {
  readonly #scanner: Scanner
  readonly #options: FramerOptions
  #held = Buffer.alloc(0)
  #start = 0
  #end = 0
  #dropped = 0

  constructor(scanner: Scanner, options: FramerOptions) {
    this.#scanner = scanner
    this.#options = options
  }

  get pending(): number {
    return this.#end - this.#start
  }

  push(bytes: Uint8Array): Iterable<Uint8Array> {
    const frames: Uint8Array[] = []
    if (this.pending > 0) {
      const seen = this.pending
      this.#append(bytes)
      this.#start = this.#cut(this.#held.subarray(0, this.#end), seen, frames)
      this.#dropOverlong()
      return frames
    }
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const rest = source.subarray(this.#cut(source, 0, frames))
    this.#append(rest)
    this.#dropOverlong()
    return frames
  }

  end(): Iterable<Uint8Array> {
    const frames: Uint8Array[] = []
    if (this.#scanner.finish && this.pending > 0) {
      this.#scanner.finish()
      this.#start += this.#cut(this.#held.subarray(this.#start, this.#end), this.pending, frames)
    }
    if (this.#dropped > 0 || this.pending > this.#options.maxFrame) this.#report(this.pending)
    else if (this.pending > 0) this.#give(this.#scanner.last(this.#held.subarray(this.#start, this.#end)), frames)
    this.#start = this.#end = 0
    this.#scanner.reset()
    return frames
  }

  /** Takes whole frames off `source`, of which `seen` bytes were looked at before; answers where the unfinished one begins. */
  #cut(source: Buffer, seen: number, frames: Uint8Array[]): number {
    const scanner = this.#scanner
    let start = 0
    let end = scanner.find(source, Math.max(0, seen - scanner.rescan))
    while (end >= 0) {
      const size = end - start - scanner.trailer
      if (this.#dropped > 0) this.#report(size)
      else this.#take(scanner.trim(source, start, end), size, frames)
      start = end
      end = scanner.find(source, start)
    }
    return start
  }

  #take(frame: Uint8Array | undefined, size: number, frames: Uint8Array[]): void {
    if (frame && size > this.#options.maxFrame) this.#report(size)
    else this.#give(frame, frames)
  }

  #give(frame: Uint8Array | undefined, frames: Uint8Array[]): void {
    const { open } = this.#options
    const content = frame && open ? open(frame) : frame
    if (content) frames.push(content)
  }

  #report(more: number): void {
    this.#options.onOversize(this.#dropped + more)
    this.#dropped = 0
  }

  /** While a frame is too long only what its delimiter may begin with is kept. */
  #dropOverlong(): void {
    const { rescan, header = 0 } = this.#scanner
    if (this.#dropped === 0 && this.pending <= this.#options.maxFrame + header + rescan) return
    const drop = Math.max(0, this.pending - rescan)
    this.#dropped += drop
    this.#start += drop
  }

  #append(bytes: Uint8Array): void {
    const held = this.pending
    const needed = held + bytes.length
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#held.length * 2, 1024))
      this.#held.copy(grown, 0, this.#start, this.#end)
      this.#held = grown
    } else if (this.#start > 0) {
      this.#held.copyWithin(0, this.#start, this.#end)
    }
    this.#held.set(bytes, held)
    this.#start = 0
    this.#end = needed
  }
}
