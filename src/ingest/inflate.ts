import { HttpError } from '../http/http-error.js'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

/** Undoes content codings; throws an HttpError: 400 for other bytes, 413 for more than so many bytes. */
export type Inflate = (body: Buffer, limitBytes: number) => Promise<Buffer>

type Undo = (bytes: Uint8Array, limit: { readonly maxOutputLength: number }) => Promise<Buffer>

/** Of what a client may compress; zstd is in Node from 22.15 on. */
const undoers: { readonly [encoding: string]: Undo | undefined } = {
  gzip: promisify(zlib.gunzip) as Undo,
  'x-gzip': promisify(zlib.gunzip) as Undo,
  deflate: inflateEither,
  br: promisify(zlib.brotliDecompress) as Undo,
  zstd: zstdOf(zlib),
}

/** Those there are, for the header `Accept-Encoding` of a refusal (RFC 9110, section 12.5.3). */
export const acceptedEncodings = ['gzip', 'deflate', 'br', ...(undoers['zstd'] ? ['zstd'] : [])].join(', ')

/** Undefined where there is nothing to undo, or the parser undoes it itself. What nobody can undo is refused before the body is asked for. */
export function inflaterOf(encodings: string | undefined, packed: string | undefined): Inflate | undefined {
  return encodings === undefined || encodings.toLowerCase() === packed ? undefined : inflaterFor(encodings)
}

/** For the codings of a header `Content-Encoding`, each undone from the last to the first. Throws an HttpError 415. */
function inflaterFor(encodings: string): Inflate {
  const applied = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  const named = applied.filter((name) => name !== '' && name !== 'identity').toReversed()
  const unknown = named.find((name) => undoers[name] === undefined)
  if (unknown !== undefined) throw unknownEncoding(unknown)
  return async (body, limitBytes) => {
    let inflated = body
    for (const name of named) inflated = await inflateOne(inflated, name, limitBytes)
    return inflated
  }
}

async function inflateOne(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  try {
    return await (undoers[encoding] as Undo)(body, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(limitBytes)
    throw new HttpError(400, `body: expected ${encoding}, got something else`, { cause: error, reason: 'bad_encoding' })
  }
}

/** With the header of zlib, as RFC 9110 (section 8.4.1.2) has it, or bare, as some clients do it. */
async function inflateEither(bytes: Uint8Array, limit: Parameters<Undo>[1]): Promise<Buffer> {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return promisify(isZlib ? zlib.inflate : zlib.inflateRaw)(bytes, limit)
}

function zstdOf(library: typeof zlib & { readonly zstdDecompress?: typeof zlib.gunzip }): Undo | undefined {
  return library.zstdDecompress && (promisify(library.zstdDecompress) as Undo)
}

function unknownEncoding(encoding: string): HttpError {
  const detail = `content-encoding: expected one of ${acceptedEncodings}, got "${encoding.slice(0, 40)}"`
  return new HttpError(415, detail, { headers: { 'accept-encoding': acceptedEncodings }, reason: 'unknown_encoding' })
}

function tooLong(limitBytes: number): HttpError {
  const detail = `body: expected at most ${limitBytes} bytes once it is decompressed; send less at a time`
  return new HttpError(413, detail, { reason: 'inflated_too_long' })
}
