import { HttpError } from '../http/http-error.js'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

interface Limit {
  readonly maxOutputLength: number
}

type Inflate = (bytes: Uint8Array, limit: Limit) => Promise<Buffer>

/** Of what a client may compress; zstd is in Node from 22.15 on. */
const inflaters: { readonly [encoding: string]: Inflate | undefined } = {
  gzip: promisify(zlib.gunzip) as Inflate,
  'x-gzip': promisify(zlib.gunzip) as Inflate,
  deflate: inflateEither,
  br: promisify(zlib.brotliDecompress) as Inflate,
  zstd: zstdOf(zlib),
}

/** Those there are, for the header `Accept-Encoding` of a refusal (RFC 9110, section 12.5.3). */
export const acceptedEncodings = ['gzip', 'deflate', 'br', ...(inflaters['zstd'] ? ['zstd'] : [])].join(', ')

/** The body without its content codings, each undone from the last to the first. Throws an HttpError: 400, 413 or 415. */
export async function inflate(body: Buffer, encodings: string | undefined, limitBytes: number): Promise<Buffer> {
  const applied = (encodings ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  let inflated = body
  for (const encoding of applied.filter((name) => name !== '' && name !== 'identity').toReversed())
    inflated = await inflateOne(inflated, encoding, limitBytes)
  return inflated
}

async function inflateOne(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  const undo = inflaters[encoding]
  if (!undo) throw unknownEncoding(encoding)
  try {
    return await undo(body, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(limitBytes)
    throw new HttpError(400, `body: expected ${encoding}, got something else`, { cause: error, reason: 'bad_encoding' })
  }
}

/** With the header of zlib, as RFC 9110 (section 8.4.1.2) has it, or bare, as some clients do it. */
async function inflateEither(bytes: Uint8Array, limit: Limit): Promise<Buffer> {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return promisify(isZlib ? zlib.inflate : zlib.inflateRaw)(bytes, limit)
}

function zstdOf(library: typeof zlib & { readonly zstdDecompress?: typeof zlib.gunzip }): Inflate | undefined {
  return library.zstdDecompress && (promisify(library.zstdDecompress) as Inflate)
}

function unknownEncoding(encoding: string): HttpError {
  const detail = `content-encoding: expected one of ${acceptedEncodings}, got "${encoding.slice(0, 40)}"`
  return new HttpError(415, detail, { headers: { 'accept-encoding': acceptedEncodings }, reason: 'unknown_encoding' })
}

function tooLong(limitBytes: number): HttpError {
  const detail = `body: expected at most ${limitBytes} bytes once it is decompressed; send less at a time`
  return new HttpError(413, detail, { reason: 'inflated_too_long' })
}
