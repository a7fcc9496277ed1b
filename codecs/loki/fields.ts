import type { PbfReader } from 'pbf'

/** A field of a message: a number, or bytes, which are a text or a message again. */
export interface Field {
  readonly number: number
  readonly value: number | Uint8Array
}

/** Wire types (Protocol Buffers, "Encoding", "Message Structure"). */
const varint = 0
const lengthDelimited = 2

/**
 * The fields of a message, in the order they come; those of other wire types are stepped over. The reader believes every length, so
 * each is checked here: throws an Error where the message is torn.
 */
export function* fieldsOf(message: Uint8Array, Reader: typeof PbfReader): Generator<Field> {
  const reader = new Reader(message)
  for (let number = reader.nextField(); number !== 0; number = reader.nextField()) {
    if (reader.type !== varint && reader.type !== lengthDelimited) continue
    const value = reader.type === varint ? reader.readVarint(true) : reader.readBytes()
    if (reader.pos > message.length) break
    yield { number, value }
  }
  if (reader.pos !== message.length) throw new Error('a field ends behind its message')
}

/** Text of a field; undefined where it is none. */
export function textOf(value: number | Uint8Array): string | undefined {
  if (typeof value === 'number') return undefined
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString()
}
