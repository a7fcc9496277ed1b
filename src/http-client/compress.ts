import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

export const compressions = ['gzip'] as const

export type Compression = (typeof compressions)[number]

/** Compresses whole bodies; the name is that of the content coding. */
export const compressors: { readonly [name in Compression]: (body: Uint8Array) => Promise<Uint8Array> } = {
  gzip: promisify(gzip),
}
