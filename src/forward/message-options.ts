import type { ValueReader } from './value-reader.js'
import { readValue } from '../event/msgpack-reader.js'
import { isTextMark } from './marks.js'
import { Refusal } from './refusal.js'

/** What stands at the end of a message (Fluentd Forward Protocol Specification v1, "Option"), as far as it is known here. */
export interface MessageOptions {
  /** What the sender wants to see in the acknowledgement: the value as it stands, header included. */
  readonly chunk?: Uint8Array
  /** How many entries the sender says there are. */
  readonly size?: number
  readonly compressed?: string
  /** Fluent Bit says 1 for metrics and 2 for traces. */
  readonly signal?: number
  /** Fluent Bit's, of the one event of a message: a map in msgpack. */
  readonly metadata?: Uint8Array
}

type Writable = { -readonly [K in keyof MessageOptions]: MessageOptions[K] }

/** A UUID has 36 bytes, 128 bits in base64 have 24. */
const longestChunkBytes = 1024

/** Null stands for no options, as Docker sends it, and for an option that is not given. */
export function readOptions(reader: ValueReader): MessageOptions {
  const options: Writable = {}
  for (let left = reader.mapHeader(); left > 0; left--) {
    const name = reader.text().toString('latin1')
    const value = reader.value()
    if (value[0] !== 0xc0) setOption(options, name, value)
  }
  return options
}

function setOption(options: Writable, name: string, value: Uint8Array): void {
  if (name === 'chunk') options.chunk = chunkOf(value)
  else if (name === 'size') options.size = numberOf(value)
  else if (name === 'compressed') options.compressed = String(readValue(value).value)
  else if (name === 'fluent_signal') options.signal = numberOf(value)
  else if (name === 'metadata') options.metadata = value
}

function chunkOf(value: Uint8Array): Uint8Array {
  if (isTextMark(value[0] ?? 0) && value.length <= longestChunkBytes) return new Uint8Array(value)
  throw new Refusal('invalid_message', `chunk: expected a text of at most ${longestChunkBytes} bytes`)
}

/** NaN for what is no number. */
function numberOf(value: Uint8Array): number {
  return Number(readValue(value).value)
}
