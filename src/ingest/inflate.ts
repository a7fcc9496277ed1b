import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

import { HttpError, unavailable } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'

/** Where the bytes that a body becomes are counted, and how many there may be. */
export type InflateRoom = Pick<HttpExchange, 'limits' | 'hold' | 'giveBack'>

/**
 * Undoes content codings. What comes of them is counted to the memory as it grows. Throws an HttpError: 400 for other bytes, 413
 * for more than there may be, 503 where there is no room for them.
 */
export type Inflate = (body: Buffer, room: InflateRoom) => Promise<Buffer>

type Inflater = Transform & Pick<zlib.Zlib, 'bytesWritten'>

type Undo = (body: Buffer) => Inflater

interface Options {
  readonly chunkSize: number
  readonly params?: { readonly [parameter: number]: number }
}

/** What later versions of Node have, from 22.15 on. */
interface WithZstd {
  readonly createZstdDecompress?: (options: Options) => Inflater
  readonly constants: { readonly ZSTD_d_windowLogMax?: number }
}

const pieceBytes = 64 * 1024
const options: Options = { chunkSize: pieceBytes }

/** 8 MiB, which is the most that a sender may ask for (RFC 9659, section 3); without it there may be 128 MiB. */
const zstdWindowLog = 23

/** Of what a client may compress. */
const undoers: { readonly [encoding: string]: Undo | undefined } = {
  gzip: () => zlib.createGunzip(options),
  'x-gzip': () => zlib.createGunzip(options),
  deflate: (body) => (hasZlibHeader(body) ? zlib.createInflate(options) : zlib.createInflateRaw(options)),
  br: () => zlib.createBrotliDecompress(options),
  zstd: zstdOf(zlib as WithZstd),
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
  return async (body, room) => {
    let inflated = body
    for (const name of named) {
      const before = inflated
      inflated = await inflateOne(before, name, room)
      if (before !== body) room.giveBack(before.length)
    }
    return inflated
  }
}

/** What has come of a body so far. */
interface Inflated {
  readonly pieces: Buffer[]
  size: number
}

async function inflateOne(body: Buffer, encoding: string, room: InflateRoom): Promise<Buffer> {
  const inflated: Inflated = { pieces: [], size: 0 }
  try {
    let read = 0
    for (let frames = 0; frames === 0 || (read < body.length && frames < mostFrames(encoding)); frames++)
      read += await inflateFrame((undoers[encoding] as Undo)(body), body.subarray(read), { room, inflated })
    if (read < body.length && !mayBePadded(encoding)) throw new Error(`it ends ${body.length - read} bytes early`)
  } catch (error) {
    room.giveBack(inflated.size)
    if (error instanceof HttpError) throw error
    const detail = `body: expected ${encoding} and nothing behind it, got something else`
    throw new HttpError(400, detail, { cause: error, reason: 'bad_encoding' })
  }
  const { pieces, size } = inflated
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size)
}

/** Answers how many bytes the frame has that the body begins with. */
async function inflateFrame(
  stream: Inflater,
  body: Buffer,
  { room, inflated }: { readonly room: InflateRoom; readonly inflated: Inflated },
): Promise<number> {
  stream.end(body)
  for await (const piece of stream as AsyncIterable<Buffer>) {
    const { inflatedBytes } = room.limits
    if (inflated.size + piece.length > inflatedBytes) throw tooLong(inflatedBytes)
    if (!room.hold(piece.length)) throw unavailable('the memory for events is full')
    inflated.size += piece.length
    inflated.pieces.push(piece)
  }
  return stream.bytesWritten
}

/**
 * Frames of Zstandard stand one behind the other (RFC 8878, section 3); Node before 26 reads no more than the first, and each of them
 * costs a stream. All members of gzip are read at once.
 */
function mostFrames(encoding: string): number {
  return encoding === 'zstd' ? 64 : 1
}

/** Zeros behind the last member of gzip are no harm; Node refuses anything else there. */
function mayBePadded(encoding: string): boolean {
  return encoding === 'gzip' || encoding === 'x-gzip'
}

/** With the header of zlib, as RFC 9110 (section 8.4.1.2) has it, or bare, as some clients do it. */
function hasZlibHeader(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
}

function zstdOf({ createZstdDecompress, constants }: WithZstd): Undo | undefined {
  const params = { [constants.ZSTD_d_windowLogMax ?? 0]: zstdWindowLog }
  return createZstdDecompress && (() => createZstdDecompress({ ...options, params }))
}

function unknownEncoding(encoding: string): HttpError {
  const detail = `content-encoding: expected one of ${acceptedEncodings}, got "${encoding.slice(0, 40)}"`
  return new HttpError(415, detail, { headers: { 'accept-encoding': acceptedEncodings }, reason: 'unknown_encoding' })
}

function tooLong(limitBytes: number): HttpError {
  const detail = `body: expected at most ${limitBytes} bytes once it is decompressed; send less at a time`
  return new HttpError(413, detail, { reason: 'inflated_too_long' })
}
