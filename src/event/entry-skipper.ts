import { corrupt, hex, isComposite, truncated } from './corrupt.js'
import { deepest, tooDeep } from './depth.js'
import { readTime } from './entry-reader.js'
import { MsgpackReader } from './msgpack-reader.js'
import { wholeSize } from './whole-size.js'

/** Where the msgpack value ends that begins at `offset`. */
export function skipValue(bytes: Uint8Array, offset: number): number {
  return skip(bytes, offset, 0)
}

/** How many entries these bytes are; throws `EVENT_CORRUPT` where they are anything but whole entries that can be read. */
export function countEntries(bytes: Uint8Array): number {
  let count = 0
  for (let at = 0; at < bytes.length; count++) at = skipEntry(bytes, at)
  return count
}

/** Where so many entries end that begin at `offset`; throws as `countEntries` does. */
export function entriesEnd(bytes: Uint8Array, offset: number, count: number): number {
  let at = offset
  for (let left = count; left > 0; left--) at = skipEntry(bytes, at)
  return at
}

function skipEntry(bytes: Uint8Array, at: number): number {
  const record = isEventTimePair(bytes, at) ? at + 11 : skipTimes(bytes, skipPairHeader(bytes, at))
  return skipMap(bytes, record)
}

/** Array of two, fixext 8, type 0: how nearly every entry begins. */
function isEventTimePair(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x92 && bytes[at + 1] === 0xd7 && bytes[at + 2] === 0x00
}

function skipPairHeader(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === 0x92) return at + 1
  if (first === 0xdc && lengthAt(bytes, at + 1, 2) === 2) return at + 3
  if (first === 0xdd && lengthAt(bytes, at + 1, 4) === 2) return at + 5
  if (first === undefined) throw truncated(at)
  throw corrupt(at, 'an array of two', hex(first))
}

/** A time, or a time and metadata. */
function skipTimes(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x92 ? skipMap(bytes, skipTime(bytes, at + 1)) : skipTime(bytes, at)
}

/** Old senders write u32 seconds; whatever else may be a time is rare enough to be read. */
function skipTime(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0xce) return skip(bytes, at, 0)
  const reader = new MsgpackReader(bytes, at)
  readTime(reader)
  return reader.at
}

function skipMap(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === undefined) throw truncated(bytes.length)
  if ((first < 0x80 || first > 0x8f) && first !== 0xde && first !== 0xdf) throw corrupt(at, 'a map', hex(first))
  return skip(bytes, at, 0)
}

function skip(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at]
  if (first === undefined) throw truncated(bytes.length)
  const size = wholeSize[first] as number
  if (size > 0) {
    if (at + size > bytes.length) throw truncated(bytes.length)
    return at + size
  }
  if (first < 0x90) return skipFields(bytes, at + 1, first & 0x0f, depth + 1)
  if (first < 0xa0) return skipElements(bytes, at + 1, first & 0x0f, depth + 1)
  return first >= 0xdc ? skipCounted(bytes, at, depth + 1) : skipSized(bytes, at)
}

function skipFields(bytes: Uint8Array, at: number, count: number, depth: number): number {
  if (depth > deepest) throw tooDeep()
  let next = at
  for (let left = count; left > 0; left--) {
    const first = bytes[next]
    if (first !== undefined && isComposite(first)) throw corrupt(next, 'a key', hex(first))
    next = skip(bytes, skip(bytes, next, depth), depth)
  }
  return next
}

function skipElements(bytes: Uint8Array, at: number, count: number, depth: number): number {
  if (depth > deepest) throw tooDeep()
  let next = at
  for (let left = count; left > 0; left--) next = skip(bytes, next, depth)
  return next
}

/** Arrays and maps whose number of elements stands behind the first byte. */
function skipCounted(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at] as number
  const width = first % 2 === 0 ? 2 : 4
  const count = lengthAt(bytes, at + 1, width)
  return (first >= 0xde ? skipFields : skipElements)(bytes, at + 1 + width, count, depth)
}

/** Text, bytes and extensions whose length stands behind the first byte. */
function skipSized(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first >= 0xd9) return skipBytes(bytes, at + 1, 1 << (first - 0xd9), 0)
  if (first >= 0xc7) return skipBytes(bytes, at + 1, 1 << (first - 0xc7), 1)
  if (first >= 0xc4) return skipBytes(bytes, at + 1, 1 << (first - 0xc4), 0)
  throw corrupt(at, 'a value', hex(first))
}

function skipBytes(bytes: Uint8Array, at: number, width: number, more: number): number {
  const end = at + width + lengthAt(bytes, at, width) + more
  if (end > bytes.length) throw truncated(bytes.length)
  return end
}

function lengthAt(bytes: Uint8Array, at: number, width: number): number {
  if (at + width > bytes.length) throw truncated(bytes.length)
  let length = 0
  for (let index = at; index < at + width; index++) length = length * 0x100 + (bytes[index] as number)
  return length
}
