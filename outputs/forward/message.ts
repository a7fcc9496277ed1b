import { hash } from 'node:crypto'
import { EntryWriter, type Value } from 'sluice/plugin'
import type { Compress } from './compression.js'
import { integerTimes } from './integer-times.js'
import type { Run } from './runs.js'
import { withoutMetadata } from './without-metadata.js'

/** One message as it goes over the wire, in pieces that are written one behind the other. */
export interface Message {
  readonly pieces: readonly Uint8Array[]
  readonly count: number
  /** What the server has to repeat; undefined when no acknowledgement is asked for. */
  readonly ackId: string | undefined
}

export interface MessageSettings {
  readonly ack: boolean
  readonly compression: { readonly name: string; readonly compress: Compress } | undefined
  readonly integerTimes: boolean
  readonly metadata: boolean
  readonly moreOptions: { readonly [name: string]: string }
}

/**
 * A PackedForward message, `[tag, bin entries, options]`, or the CompressedPackedForward one (Fluentd Forward Protocol
 * Specification v1, "PackedForward Mode", "CompressedPackedForward Mode", "Option"). The entries are those of the log.
 */
export async function messageOf(run: Run, settings: MessageSettings): Promise<Message> {
  const { ack, compression, moreOptions } = settings
  const ackId = ack ? ackIdOf(run.name) : undefined
  const options = {
    ...moreOptions,
    size: run.count,
    ...(ackId === undefined ? {} : { chunk: ackId }),
    ...(compression ? { compressed: compression.name } : {}),
  }
  const plain = plainEntries(run.entries, settings)
  const body = compression ? await compression.compress(plain) : plain
  const head = Buffer.concat([arrayOf3, encoded(run.tag), binHeader(body.length)])
  return { pieces: [head, body, encoded(options)], count: run.count, ackId }
}

/** "chunk": 128 bits in base64 ("Option"), by which a server may know a retry again and leave it out. */
export function ackIdOf(name: string): string {
  return hash('sha256', name, 'buffer').toString('base64', 0, 16)
}

function plainEntries(entries: Uint8Array, settings: MessageSettings): Uint8Array {
  const plain = settings.metadata ? entries : withoutMetadata(entries)
  return settings.integerTimes ? integerTimes(plain) : plain
}

function encoded(value: Value): Uint8Array {
  const writer = new EntryWriter(128)
  writer.writeValue(value)
  return writer.take()
}

const arrayOf3 = Buffer.of(0x93)

/** Msgpack specification, "bin format family". Written by hand because what follows it is not to be copied. */
function binHeader(length: number): Buffer {
  if (length < 0x100) return Buffer.of(0xc4, length)
  const header = Buffer.alloc(length < 0x10000 ? 3 : 5)
  header[0] = length < 0x10000 ? 0xc5 : 0xc6
  header.writeUIntBE(length, 1, header.length - 1)
  return header
}
