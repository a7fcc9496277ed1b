import type { Libc } from './libc.js'
import { littleEndian, wordSize } from './platform.js'

export interface MessageSizes {
  /** Most messages of one read. */
  readonly count: number
  /** Bytes for the payload of one. */
  readonly payload: number
  /** Bytes for what the kernel tells of one beside it (cmsg(3)). */
  readonly control: number
}

/** Bytes of `struct mmsghdr`, and where its fields are, counted in words: true where words have 4 bytes and where they have 8. */
const header = { iovec: 2, iovecCount: 3, control: 4, controlSize: 5, flags: 6, length: 7, size: 8 }

/** `struct iovec`: an address and a size. */
const iovecWords = 2

/**
 * Memory for many messages of a socket, taken by one call (recvmmsg(2)), and what came of each: read straight off the memory, so that a
 * message costs no object.
 *
 *     [ headers: count × mmsghdr ][ count × iovec ][ count × control ][ count × payload ]
 */
export class MessageBatch {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly #libc: Libc
  readonly #sizes: MessageSizes
  readonly #controlsAt: number
  readonly #payloadsAt: number
  #used: number

  constructor(libc: Libc, sizes: MessageSizes) {
    const { count, payload, control } = sizes
    const iovecsAt = count * header.size * wordSize
    this.#libc = libc
    this.#sizes = { count, payload: aligned(payload, 8), control: aligned(control, 8) }
    this.#controlsAt = iovecsAt + count * iovecWords * wordSize
    this.#payloadsAt = this.#controlsAt + count * this.#sizes.control
    this.#used = count
    const memory = new ArrayBuffer(this.#payloadsAt + count * this.#sizes.payload)
    this.bytes = new Uint8Array(memory)
    this.view = new DataView(memory)
    this.#point(libc.addressOf(memory), iovecsAt)
  }

  get count(): number {
    return this.#sizes.count
  }

  /** Takes what is at hand: how many messages. Throws a LibcError. */
  receive(descriptor: number): number {
    this.#refill(this.#used)
    this.#used = this.#sizes.count // of a call that throws nobody knows
    return (this.#used = this.#libc.receiveMessages(descriptor, this.bytes, this.#sizes.count))
  }

  /** Where the payload of a message begins in `bytes`. */
  payloadAt(index: number): number {
    return this.#payloadsAt + index * this.#sizes.payload
  }

  /** How many bytes it has. */
  lengthOf(index: number): number {
    return this.view.getUint32((index * header.size + header.length) * wordSize, littleEndian)
  }

  /** Its flags (recv(2)). */
  flagsOf(index: number): number {
    return this.view.getUint32((index * header.size + header.flags) * wordSize, littleEndian)
  }

  /**
   * Where in `bytes` what the kernel told beside it begins, of this level and type (cmsg(3)); -1 where it told no such thing.
   */
  controlOf(index: number, level: number, type: number): number {
    const from = this.#controlsAt + index * this.#sizes.control
    const end = from + this.#word((index * header.size + header.controlSize) * wordSize)
    const headSize = wordSize + 8
    for (let at = from; at + headSize <= end;) {
      const length = this.#word(at)
      if (length < headSize) return -1
      if (this.#int(at + wordSize) === level && this.#int(at + wordSize + 4) === type) return at + headSize
      at += aligned(length, wordSize)
    }
    return -1
  }

  #point(base: bigint, iovecsAt: number): void {
    for (let index = 0; index < this.#sizes.count; index++) {
      const head = index * header.size * wordSize
      const iovec = iovecsAt + index * iovecWords * wordSize
      this.#setAddress(head + header.iovec * wordSize, base + BigInt(iovec))
      this.#setWord(head + header.iovecCount * wordSize, 1)
      this.#setAddress(head + header.control * wordSize, base + BigInt(this.#controlsAt + index * this.#sizes.control))
      this.#setAddress(iovec, base + BigInt(this.payloadAt(index)))
      this.#setWord(iovec + wordSize, this.#sizes.payload)
    }
  }

  /** The kernel writes how much it told over how much room there is. */
  #refill(count: number): void {
    for (let index = 0; index < count; index++) {
      this.#setWord((index * header.size + header.controlSize) * wordSize, this.#sizes.control)
    }
  }

  #int(at: number): number {
    return this.view.getInt32(at, littleEndian)
  }

  /** Sizes are far below 2 ** 32, and what is above that in a word of 8 bytes is 0. */
  #word(at: number): number {
    return this.view.getUint32(littleEndian ? at : at + wordSize - 4, littleEndian)
  }

  #setWord(at: number, value: number): void {
    this.#setAddress(at, BigInt(value))
  }

  #setAddress(at: number, value: bigint): void {
    if (wordSize === 8) this.view.setBigUint64(at, value, littleEndian)
    else this.view.setUint32(at, Number(value), littleEndian)
  }
}

function aligned(size: number, to: number): number {
  return Math.ceil(size / to) * to
}
