import type { ByteSink } from './byte-sink.js'
import { deepest, tooDeep } from './depth.js'
import { writeDecimal } from './json-number.js'
import { writeAscii, writeQuoted } from './json-text.js'
import type { MsgpackReader } from './msgpack-reader.js'

const comma = 0x2c
const colon = 0x3a

/** Writes the msgpack value at a reader's place as JSON text. */
export class JsonTranscoder {
  readonly #reader: MsgpackReader
  readonly #sink: ByteSink

  constructor(reader: MsgpackReader, sink: ByteSink) {
    this.#reader = reader
    this.#sink = sink
  }

  writeValue(): void {
    this.#value(0)
  }

  /** The fields of the map at the reader's place, in an object that was opened and has a field. */
  writeFieldsAfterFirst(): void {
    const first = this.#reader.readByte()
    const count = first < 0x90 ? first & 0x0f : this.#reader.readUint(first === 0xde ? 2 : 4)
    for (let left = count; left > 0; left--) {
      this.#sink.byte(comma)
      this.#field(1)
    }
    this.#sink.byte(0x7d)
  }

  #value(depth: number): void {
    const first = this.#reader.readByte()
    if (first < 0x80) writeDecimal(this.#sink, first)
    else if (first < 0x90) this.#map(first & 0x0f, depth + 1)
    else if (first < 0xa0) this.#array(first & 0x0f, depth + 1)
    else if (first < 0xc0) this.#text(first & 0x1f)
    else if (first >= 0xd9 && first < 0xe0) this.#sized(first, depth)
    else this.#scalar()
  }

  #sized(first: number, depth: number): void {
    if (first <= 0xdb) return this.#text(this.#reader.readUint(1 << (first - 0xd9)))
    const count = this.#reader.readUint(first % 2 === 0 ? 2 : 4)
    if (first <= 0xdd) this.#array(count, depth + 1)
    else this.#map(count, depth + 1)
  }

  #map(count: number, depth: number): void {
    if (depth > deepest) throw tooDeep()
    this.#sink.byte(0x7b)
    for (let index = 0; index < count; index++) {
      if (index > 0) this.#sink.byte(comma)
      this.#field(depth)
    }
    this.#sink.byte(0x7d)
  }

  #array(count: number, depth: number): void {
    if (depth > deepest) throw tooDeep()
    this.#sink.byte(0x5b)
    for (let index = 0; index < count; index++) {
      if (index > 0) this.#sink.byte(comma)
      this.#value(depth)
    }
    this.#sink.byte(0x5d)
  }

  #field(depth: number): void {
    const first = this.#reader.peek()
    if (first !== undefined && first >= 0xa0 && first < 0xc0) {
      this.#reader.at++
      this.#text(first & 0x1f)
    } else this.#otherKey()
    this.#sink.byte(colon)
    this.#value(depth)
  }

  #otherKey(): void {
    const key = Buffer.from(this.#reader.readKey())
    writeQuoted(this.#sink, key, 0, key.length)
  }

  #text(size: number): void {
    const start = this.#reader.advance(size)
    writeQuoted(this.#sink, this.#reader.bytes, start, start + size)
  }

  /** Everything but text, maps and arrays; the byte that tells which was read already. */
  #scalar(): void {
    this.#reader.at--
    const value = this.#reader.readValue() as null | boolean | number | bigint | Uint8Array
    if (typeof value === 'number') writeDecimal(this.#sink, value)
    else if (value instanceof Uint8Array) this.#base64(value)
    else writeAscii(this.#sink, String(value))
  }

  #base64(bytes: Uint8Array): void {
    writeAscii(this.#sink, `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}"`)
  }
}
