import { skipValue } from '../event/entry-skipper.js'
import { EntryWriter } from '../event/entry-writer.js'

/** A map's header grows by at most as much (MessagePack specification, "map format family"). */
const headerGrowth = 4

/** Fields that are put into each record of one connection, in place of those that have their names; nothing is decoded. */
export class Fields {
  readonly #keys: readonly Uint8Array[]
  /** Keys and values one behind the other. */
  readonly #encoded: Uint8Array
  /** Where fields begin and end that go, of the record that is rewritten. */
  readonly #replaced: number[] = []

  constructor(fields: { readonly [name: string]: string }) {
    this.#keys = Object.keys(fields).map(textOf)
    this.#encoded = Buffer.concat(Object.entries(fields).flatMap(([key, value]) => [textOf(key), textOf(value)]))
  }

  /** The same entries, so many, with these fields in their records. */
  addTo(entries: Uint8Array, count: number): Uint8Array {
    const from = Buffer.from(entries.buffer, entries.byteOffset, entries.length)
    const to = Buffer.allocUnsafe(from.length + count * (this.#encoded.length + headerGrowth))
    let [at, written] = [0, 0]
    for (let left = count; left > 0; left--) {
      const recordAt = skipValue(from, at + pairHeaderSize(from, at))
      written += from.copy(to, written, at, recordAt)
      const fieldsAt = recordAt + mapHeaderSize(from, recordAt)
      const fields = mapCount(from, recordAt)
      at = this.#look(from, fieldsAt, fields)
      written = writeMapHeader(to, written, fields + this.#keys.length - this.#replaced.length / 2)
      written = this.#copyFields(from, fieldsAt, at, to, written)
    }
    return to.subarray(0, written)
  }

  /** Finds the fields that go; answers where the record ends. */
  #look(from: Buffer, fieldsAt: number, fields: number): number {
    this.#replaced.length = 0
    let at = fieldsAt
    for (let left = fields; left > 0; left--) {
      const start = at
      const valueAt = skipValue(from, start)
      at = skipValue(from, valueAt)
      if (this.#isOurs(from, start, valueAt)) this.#replaced.push(start, at)
    }
    return at
  }

  // oxlint-disable-next-line max-params -- an object for each record would cost as much as copying it
  #copyFields(from: Buffer, start: number, end: number, to: Buffer, written: number): number {
    let [at, done] = [start, written]
    for (let index = 0; index < this.#replaced.length; index += 2) {
      done += from.copy(to, done, at, this.#replaced[index])
      at = this.#replaced[index + 1] as number
    }
    done += from.copy(to, done, at, end)
    to.set(this.#encoded, done)
    return done + this.#encoded.length
  }

  #isOurs(from: Buffer, start: number, end: number): boolean {
    for (const key of this.#keys) {
      if (key.length === end - start && from.compare(key, 0, key.length, start, end) === 0) return true
    }
    return false
  }
}

function textOf(text: string): Uint8Array {
  const writer = new EntryWriter(64)
  writer.writeString(text)
  return writer.take()
}

/** Of the array of two: 0x92, or an array 16 or 32. */
function pairHeaderSize(bytes: Buffer, at: number): number {
  const first = bytes[at]
  if (first === 0x92) return 1
  return first === 0xdc ? 3 : 5
}

function mapHeaderSize(bytes: Buffer, at: number): number {
  const first = bytes[at]
  if (first === 0xde) return 3
  return first === 0xdf ? 5 : 1
}

function mapCount(bytes: Buffer, at: number): number {
  const first = bytes[at] as number
  if (first === 0xde) return bytes.readUInt16BE(at + 1)
  return first === 0xdf ? bytes.readUInt32BE(at + 1) : first & 0x0f
}

/** Answers where the fields begin. */
function writeMapHeader(to: Buffer, at: number, count: number): number {
  if (count < 0x10) return to.writeUInt8(0x80 | count, at)
  if (count < 0x1_0000) return to.writeUInt16BE(count, to.writeUInt8(0xde, at))
  return to.writeUInt32BE(count, to.writeUInt8(0xdf, at))
}
