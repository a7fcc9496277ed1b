import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { InputContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import { Refusal } from './refusal.js'

export interface InflateSettings {
  /** Most bytes that entries may be. */
  readonly limit: number
  readonly memory: Pick<InputContext, 'reserve' | 'release'>
}

const pieceBytes = 64 * 1024

type Create = (options: { readonly chunkSize: number }) => Transform

/** `text` is what Fluentd calls entries that are not compressed. */
export const isCompressed = (compressed: string | undefined): compressed is string =>
  compressed !== undefined && compressed !== 'text'

/**
 * The entries of a CompressedPackedForward message; of gzip there may be several members, one behind the other. What they take
 * is counted to the memory of the agent as it grows, and given back when this is settled. Throws a Refusal.
 */
export async function inflate(body: Uint8Array, compressed: string, settings: InflateSettings): Promise<Uint8Array> {
  const stream = decompressor(compressed)
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    stream.end(body)
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      if (!settings.memory.reserve(piece.length)) throw noMemory(size + piece.length)
      size += piece.length
      if (size > settings.limit) throw tooLong(settings.limit)
      pieces.push(piece)
    }
    return Buffer.concat(pieces, size)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('bad_compression', `message: expected ${compressed}: ${messageOf(error)}`, error)
  } finally {
    settings.memory.release(size)
  }
}

/** zstd is in Node from 22.15 on. */
const creators: { readonly [name: string]: Create | undefined } = {
  gzip: zlib.createGunzip,
  zstd: (zlib as { readonly createZstdDecompress?: Create }).createZstdDecompress,
}

function decompressor(name: string): Transform {
  const create = Object.hasOwn(creators, name) ? creators[name] : undefined
  if (create) return create({ chunkSize: pieceBytes })
  const why = name === 'zstd' ? 'zstd, which takes Node 22.15 or later: let the sender use gzip' : JSON.stringify(name)
  throw new Refusal('unknown_compression', `compressed: expected gzip, zstd or text, got ${why}`.slice(0, 200))
}

function tooLong(limit: number): Refusal {
  return new Refusal('inflated_too_long', `message: expected at most ${limit} bytes once it is decompressed`)
}

function noMemory(bytes: number): Refusal {
  return new Refusal('no_memory', `message: there is no room for ${bytes} bytes once it is decompressed (memory_limit)`)
}
