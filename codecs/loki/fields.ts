import type { PbfReader } from 'pbf'
import { AgentError } from 'sluice/plugin'

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
 * each is checked here.
 */
export function* fieldsOf(message: Uint8Array, Reader: typeof PbfReader): Generator<Field> {
  const reader = new Reader(message)
  for (let number = next(reader); number !== 0; number = next(reader)) {
    if (reader.type !== varint && reader.type !== lengthDelimited) continue
    const value = valueOf(reader)
    if (reader.pos > message.length) throw torn()
    yield { number, value }
  }
  if (reader.pos !== message.length) throw torn()
}

/** Zero at the end. The reader throws where it meets what is no field. */
function next(reader: PbfReader): number {
  try {
    return reader.nextField()
  } catch (error) {
    throw torn(error)
  }
}

function valueOf(reader: PbfReader): number | Uint8Array {
  try {
    return reader.type === varint ? reader.readVarint(true) : reader.readBytes()
  } catch (error) {
    throw torn(error)
  }
}

function torn(cause?: unknown): AgentError {
  return new AgentError('CODEC_LOKI_MESSAGE', 'loki: expected a whole message, got one that is torn', { cause })
}

/** Text of a field; undefined where it is none. */
export function textOf(value: number | Uint8Array): string | undefined {
  if (typeof value === 'number') return undefined
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString()
}
