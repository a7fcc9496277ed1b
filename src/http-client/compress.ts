import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { AgentError } from '../plugin/errors.js'
import { compressBlock } from '../snappy/compress-block.js'

export const compressions = ['gzip', 'zstd', 'snappy'] as const

export type Compression = (typeof compressions)[number]

export type Compress = (body: Uint8Array) => Promise<Uint8Array>

/** From Node 22.15 on; the types are those of the oldest Node. */
const { zstdCompress } = zlib as { readonly zstdCompress?: typeof zlib.gzip }

/** Compresses a whole body; the name is that of the content coding. Throws an AgentError `HTTP_ZSTD` on a Node that has no zstd. */
export function compressorOf(name: Compression): Compress {
  if (name === 'gzip') return promisify(zlib.gzip)
  if (name === 'snappy') return async (body) => compressBlock(body)
  if (zstdCompress) return promisify(zstdCompress)
  const text = `compress: zstd needs Node.js 22.15 or later, this is ${process.version}; write compress: gzip`
  throw new AgentError('HTTP_ZSTD', text)
}
