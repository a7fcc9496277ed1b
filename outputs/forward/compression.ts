import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { AgentError } from 'sluice/plugin'

export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>

/** Node has it since 22.15. */
type Zstd = (bytes: Uint8Array, done: (error: Error | null, result: Uint8Array) => void) => void

const { zstdCompress } = zlib as { readonly zstdCompress?: Zstd }

/** Throws an AgentError `FORWARD_ZSTD` on a Node that has no zstd. */
export function compressionOf(name: 'gzip' | 'zstd'): Compress {
  if (name === 'gzip') return promisify(zlib.gzip)
  if (zstdCompress) return promisify(zstdCompress)
  const text = `compress: zstd needs Node.js 22.15 or later, this is ${process.version}; write compress: gzip`
  throw new AgentError('FORWARD_ZSTD', text)
}
