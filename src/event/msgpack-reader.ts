import { corrupt, hex, isComposite, truncated } from './corrupt.js'
import { deepest, tooDeep } from './depth.js'
import type { EventRecord, Value } from './event.js'
import { KeyCache } from './key-cache.js'
import { setField } from './record.js'

/**
 * Reads msgpack values (msgpack specification, "Formats") from where `at` stands. Integers that a double cannot hold are
 * bigints; text that is no valid UTF-8 has U+FFFD in it; bytes, and the payload of extensions, are own copies as
 * Uint8Arrays; keys that are no text become it. What is cut short or of no format throws `EVENT_CORRUPT`, and more than
 * `deepest` maps and lists in one another `EVENT_TOO_DEEP`.
 */
export class MsgpackReader {
  at: number
  readonly bytes: Buffer
  readonly #view: DataView
  readonly #keys = new KeyCache()

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = at
  }

  /** The byte that is read next. */
  peek(): number | undefined {
    return this.bytes[this.at]
  }

  readByte(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw truncated(this.at)
    this.at++
    return byte
  }

  /** An unsigned integer of 1, 2 or 4 bytes. */
  readUint(width: number): number {
    const at = this.advance(width)
    if (width === 1) return this.#view.getUint8(at)
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  /** How many elements the array has that begins here; undefined, and nothing read, where none does. */
  readArrayHeader(): number | undefined {
    const first = this.peek()
    if (first === undefined) throw truncated(this.at)
    const isShort = first >= 0x90 && first < 0xa0
    if (!isShort && first !== 0xdc && first !== 0xdd) return undefined
    this.at++
    if (isShort) return first & 0x0f
    return this.readUint(first === 0xdc ? 2 : 4)
  }

  readValue(): Value {
    return this.#value(0)
  }

  #value(depth: number): Value {
    const first = this.readByte()
    if (first < 0x80) return first
    if (first >= 0xe0) return first - 0x100
    if (first >= 0xc0) return this.#marked(first, depth)
    if (first >= 0xa0) return this.#string(first & 0x1f)
    return first < 0x90 ? this.#map(first & 0x0f, depth + 1) : this.#array(first & 0x0f, depth + 1)
  }

  /** 0xc0 to 0xdf, of which each row of the specification takes a few neighbours that differ in width. */
  #marked(first: number, depth: number): Value {
    if (first >= 0xd9) return this.#sized(first, depth)
    if (first >= 0xd4) return this.#extension(1 << (first - 0xd4))
    if (first >= 0xca) return this.#number(first)
    if (first >= 0xc7) return this.#extension(this.readUint(1 << (first - 0xc7)))
    if (first >= 0xc4) return this.#copy(this.readUint(1 << (first - 0xc4)))
    if (first === 0xc1) throw corrupt(this.at - 1, 'a value', hex(first))
    return first === 0xc0 ? null : first === 0xc3
  }

  #number(first: number): number | bigint {
    if (first >= 0xd0) return this.#signed(first)
    if (first === 0xcf) return this.#uint64()
    if (first >= 0xcc) return this.readUint(1 << (first - 0xcc))
    return first === 0xca ? this.#view.getFloat32(this.advance(4)) : this.#view.getFloat64(this.advance(8))
  }

  #sized(first: number, depth: number): Value {
    if (first <= 0xdb) return this.#string(this.readUint(1 << (first - 0xd9)))
    const count = this.readUint(first % 2 === 0 ? 2 : 4)
    return first <= 0xdd ? this.#array(count, depth + 1) : this.#map(count, depth + 1)
  }

  #map(count: number, depth: number): EventRecord {
    if (depth > deepest) throw tooDeep()
    const record: Record<string, Value> = {}
    for (let left = count; left > 0; left--) {
      const key = this.readKey()
      setField(record, key, this.#value(depth))
    }
    return record
  }

  /** Grows as elements are found: a length that lies about what follows takes no memory. */
  #array(count: number, depth: number): Value[] {
    if (depth > deepest) throw tooDeep()
    const values: Value[] = []
    for (let left = count; left > 0; left--) values.push(this.#value(depth))
    return values
  }

  /** The key of a field as text, whatever it is. */
  readKey(): string {
    const first = this.peek()
    if (first !== undefined && first >= 0xa0 && first < 0xc0) {
      const size = first & 0x1f
      const start = this.advance(1 + size) + 1
      return this.#keys.textAt(this.bytes, start, size)
    }
    if (first !== undefined && isComposite(first)) throw corrupt(this.at, 'a key', hex(first))
    const key = this.#value(deepest) as Exclude<Value, readonly Value[] | EventRecord>
    return key instanceof Uint8Array ? Buffer.from(key).toString() : String(key)
  }

  #string(size: number): string {
    const start = this.advance(size)
    return this.bytes.toString('utf8', start, start + size)
  }

  #copy(size: number): Uint8Array {
    const start = this.advance(size)
    return new Uint8Array(this.bytes.subarray(start, start + size))
  }

  #extension(size: number): Uint8Array {
    this.advance(1)
    return this.#copy(size)
  }

  #signed(first: number): number | bigint {
    if (first === 0xd3) return narrow(this.#view.getBigInt64(this.advance(8)))
    if (first === 0xd2) return this.#view.getInt32(this.advance(4))
    return first === 0xd0 ? this.#view.getInt8(this.advance(1)) : this.#view.getInt16(this.advance(2))
  }

  #uint64(): number | bigint {
    const at = this.advance(8)
    const high = this.#view.getUint32(at)
    if (high < 0x20_0000) return high * 0x1_0000_0000 + this.#view.getUint32(at + 4)
    return this.#view.getBigUint64(at)
  }

  /** Steps over bytes that must be there; answers where they begin. */
  advance(size: number): number {
    const start = this.at
    if (size > this.bytes.length - start) throw truncated(this.bytes.length)
    this.at = start + size
    return start
  }
}

/** One value that begins at `offset`, and where it ends. */
export function readValue(bytes: Uint8Array, offset = 0): { readonly value: Value; readonly end: number } {
  const reader = new MsgpackReader(bytes, offset)
  const value = reader.readValue()
  return { value, end: reader.at }
}

function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
