import { skipValue } from '../event/entry-skipper.js'
import { AgentError } from '../plugin/errors.js'

/**
 * Reads a message value by value without decoding what nobody asks for: texts are the bytes that they are, since salts are
 * sent as texts though they are none. Throws an AgentError `FORWARD_MESSAGE`, or `EVENT_CORRUPT` for what is cut short.
 */
export class ValueReader {
  at = 0
  readonly bytes: Buffer

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  peek(): number {
    return this.bytes[this.at] ?? nothing
  }

  /** How many elements the array has that begins here. */
  arrayHeader(): number {
    return this.#count(this.peek(), 0x90, 0xdc) ?? this.#unexpected('an array')
  }

  /** How many fields the map has that begins here; null is an empty map. */
  mapHeader(): number {
    const first = this.peek()
    if (first === 0xc0) {
      this.at++
      return 0
    }
    return this.#count(first, 0x80, 0xde) ?? this.#unexpected('a map')
  }

  /** The bytes of a text, or of bytes: peers write one for the other. */
  text(): Buffer {
    const first = this.peek()
    const size = first >= 0xa0 && first < 0xc0 ? first & 0x1f : this.#sizeOf(first)
    if (size === undefined) return this.#unexpected('a text')
    this.at += first < 0xc0 ? 1 : 1 + widthOf(first)
    const end = this.at + size
    if (end > this.bytes.length) return this.#unexpected('a text that is whole', this.bytes.length)
    const text = this.bytes.subarray(this.at, end)
    this.at = end
    return text
  }

  flag(): boolean {
    const first = this.peek()
    if (first !== 0xc2 && first !== 0xc3) return this.#unexpected('true or false')
    this.at++
    return first === 0xc3
  }

  /** The bytes of the value that begins here, whatever it is. */
  value(): Buffer {
    const start = this.at
    this.at = skipValue(this.bytes, start)
    return this.bytes.subarray(start, this.at)
  }

  /** Text 8, 16 and 32, bytes 8, 16 and 32 (MessagePack specification, "Formats"). */
  #sizeOf(first: number): number | undefined {
    const isSized = (first >= 0xc4 && first <= 0xc6) || (first >= 0xd9 && first <= 0xdb)
    return isSized ? this.#uint(this.at + 1, widthOf(first)) : undefined
  }

  #count(first: number, short: number, long: number): number | undefined {
    const isShort = first >= short && first < short + 16
    if (!isShort && first !== long && first !== long + 1) return undefined
    const width = isShort ? 0 : (first - long + 1) * 2
    const count = isShort ? first & 0x0f : this.#uint(this.at + 1, width)
    this.at += 1 + width
    return count
  }

  #uint(at: number, width: number): number {
    if (at + width > this.bytes.length) return this.#unexpected('a length that is whole', this.bytes.length)
    return this.bytes.readUIntBE(at, width)
  }

  #unexpected(expected: string, at = this.at): never {
    const first = this.bytes[at]
    const got = first === undefined ? 'the end' : `0x${first.toString(16).padStart(2, '0')}`
    throw new AgentError('FORWARD_MESSAGE', `message: expected ${expected} at byte ${at}, got ${got}`)
  }
}

/** No byte: what comes behind the last one. */
const nothing = -1

/** Bytes of the length behind the marks 0xc4 to 0xc6 and 0xd9 to 0xdb. */
const widthOf = (first: number): number => 1 << (first < 0xd9 ? first - 0xc4 : first - 0xd9)
