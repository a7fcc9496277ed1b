import { MsgpackScanner } from '../plugin/framing-msgpack.js'
import type { Buffers } from './buffers.js'
import { isArrayMark } from './marks.js'
import { notForward, Refusal } from './refusal.js'

/** What is taken more than must be missing, so that a message of many small values takes few steps. */
const leastStepBytes = 8192

/**
 * Cuts messages out of the bytes of one connection by counting over them. A message that lies whole in what was read last is a
 * view of that; one that began in an earlier read is put together in a buffer, which is lent for as long.
 *
 *     read     [ . . . end of one ][ whole ][ whole ][ beginning . . . ]
 *     #held    [ beginning . . . . end of one ]
 */
export class MessageStream {
  /** Most bytes of a message. */
  limit: number
  /** Messages that were cut out so far. */
  messages = 0
  readonly #buffers: Buffers
  readonly #scanner = new MsgpackScanner()
  #read: Buffer = Buffer.alloc(0)
  #at = 0
  #held: Buffer | undefined
  /** Bytes of the unfinished message. */
  #size = 0

  constructor(limit: number, buffers: Buffers) {
    this.limit = limit
    this.#buffers = buffers
  }

  /** Bytes that are held of a message whose end was not seen. */
  get pending(): number {
    return this.#size
  }

  /** Whether memory is held, be it of a message that was given out. */
  get isHolding(): boolean {
    return this.#held !== undefined
  }

  push(bytes: Uint8Array): void {
    this.#read = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#at = 0
  }

  /** The next message that is whole, lent until the next call. Throws a Refusal for what will never be one that is taken. */
  next(): Uint8Array | undefined {
    if (this.#size === 0) this.close()
    const message = this.#size > 0 ? this.#finish() : this.#cut()
    if (message) this.messages++
    return message
  }

  /** Gives back what is held. */
  close(): void {
    if (this.#held) this.#buffers.give(this.#held)
    this.#held = undefined
    this.#size = 0
  }

  #cut(): Uint8Array | undefined {
    const read = this.#read
    const start = this.#at
    if (start >= read.length) return undefined
    if (!isArrayMark(read[start] ?? 0)) throw notForward(read.subarray(start))
    const end = this.#scanner.find(read, start)
    this.#at = end < 0 ? read.length : end
    const least = end < 0 ? read.length - start + this.#scanner.missing : end - start
    this.#check(least)
    if (end >= 0) return read.subarray(start, end)
    this.#hold(start, read.length, least)
    return undefined
  }

  #finish(): Uint8Array | undefined {
    const read = this.#read
    while (this.#at < read.length) {
      const known = this.#size - this.#scanner.rescan
      const step = Math.max(this.#scanner.missing, leastStepBytes)
      const until = Math.min(this.#at + step, read.length)
      const held = this.#hold(this.#at, until, this.#size + this.#scanner.missing)
      const end = this.#scanner.find(held, known)
      // What was taken of the next message is found in its own place.
      this.#at = end < 0 ? until : until - (held.length - end)
      if (end < 0) this.#check(this.#size + this.#scanner.missing)
      else return this.#whole(held, end)
    }
    return undefined
  }

  #whole(held: Buffer, end: number): Uint8Array {
    this.#check(end)
    this.#size = 0
    return held.subarray(0, end)
  }

  /** Puts what was read behind what is held, of a message that takes so many bytes at least; answers all that is held. */
  #hold(from: number, to: number, least: number): Buffer {
    const size = this.#size + to - from
    if (!this.#held || this.#held.length < size)
      this.#held = this.#buffers.grow(this.#held, this.#size, { size, least })
    this.#read.copy(this.#held, this.#size, from, to)
    this.#size = size
    return this.#held.subarray(0, size)
  }

  #check(size: number): void {
    if (size <= this.limit) return
    throw new Refusal('too_long', `message: expected at most ${this.limit} bytes, got ${size} or more`)
  }
}
