import { isUtf8 } from 'node:buffer'

import type { ByteSink } from './byte-sink.js'

const quote = 0x22
const backslash = 0x5c
const notAscii = 0xff

/** What stands behind the backslash for each byte that must have one; `u` means four digits follow, 0 that it needs none. */
const escapes = new Uint8Array(256)
escapes.fill(0x75, 0, 0x20)
for (const [byte, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [quote, '"'],
  [backslash, '\\'],
] as const)
  escapes[byte] = letter.charCodeAt(0)

/** What a byte adds to a text besides itself; bytes that are not ASCII are marked as well. */
const added = escapes.map((escape, byte) => (byte >= 0x80 ? notAscii : escape === 0 ? 0 : escape === 0x75 ? 5 : 1))

/** Bytes shorter than this are copied faster by a loop than by a call into the platform. */
const shortCopy = 48

/** Text as a JSON string; what is no valid UTF-8 becomes U+FFFD. */
export function writeQuoted(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  let at = start
  while (at < end && added[bytes[at] as number] === 0) at++
  if (at < end) return writeOddText(sink, bytes, start, end)
  sink.reserve(end - start + 2)
  sink.bytes[sink.at++] = quote
  copy(sink, bytes, start, end)
  sink.bytes[sink.at++] = quote
}

/** Text that has bytes to escape, or bytes that are not ASCII. */
function writeOddText(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  let size = end - start + 2
  let isAscii = true
  for (let at = start; at < end; at++) {
    const more = added[bytes[at] as number] as number
    if (more === notAscii) isAscii = false
    else size += more
  }
  if (!isAscii && !isUtf8(bytes.subarray(start, end))) {
    const repaired = Buffer.from(bytes.toString('utf8', start, end))
    return writeOddText(sink, repaired, 0, repaired.length)
  }
  sink.reserve(size)
  sink.bytes[sink.at++] = quote
  writeEscaped(sink, bytes, start, end)
  sink.bytes[sink.at++] = quote
}

/** Writes text that is all ASCII and needs no escapes. */
export function writeAscii(sink: ByteSink, text: string): void {
  const { length } = text
  sink.reserve(length)
  const { bytes } = sink
  let { at } = sink
  for (let index = 0; index < length; index++) bytes[at++] = text.charCodeAt(index)
  sink.at = at
}

function copy(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  if (end - start >= shortCopy) return sink.raw(bytes, start, end)
  const target = sink.bytes
  let to = sink.at
  for (let at = start; at < end; at++) target[to++] = bytes[at] as number
  sink.at = to
}

function writeEscaped(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  const target = sink.bytes
  let to = sink.at
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const escape = escapes[byte] as number
    if (escape === 0) {
      target[to++] = byte
      continue
    }
    target[to++] = backslash
    target[to++] = escape
    if (escape === 0x75) to = writeControlDigits(target, to, byte)
  }
  sink.at = to
}

function writeControlDigits(target: Uint8Array, to: number, byte: number): number {
  target[to] = 0x30
  target[to + 1] = 0x30
  target[to + 2] = 0x30 + (byte >> 4)
  const low = byte & 0x0f
  target[to + 3] = low < 10 ? 0x30 + low : 0x57 + low
  return to + 4
}
