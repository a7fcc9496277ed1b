import type { ByteSink } from './byte-sink.js'
import type { JsonSource } from './json-source.js'
import { unescape } from './unescape-json.js'
import { endString } from './write-string.js'

const quote = 0x22
const backslash = 0x5c

/** A text of fewer bytes has a header of one byte. */
const shortText = 32

/** Writes the JSON string at a source's place, whose quote was seen: a text of no more bytes than stand there. */
export function packString(source: JsonSource, sink: ByteSink): void {
  const { view, end } = source
  const start = source.at + 1
  sink.reserve(end - start + 5)
  const target = sink.view
  const shift = sink.at + 1 - start
  const last = Math.min(end, start + shortText) - 4
  let at = start
  let specials = 0
  for (; at <= last; at += 4) {
    const word = view.getInt32(at, true)
    target.setInt32(at + shift, word, true)
    specials = specialsIn(word)
    if (specials !== 0) break
  }
  if (specials === 0) return packOther(source, sink, at - start < shortText ? 1 : 2)
  at += firstOf(specials)
  if (source.bytes[at] !== quote) return packOther(source, sink, 1)
  sink.bytes[sink.at] = 0xa0 | (at - start)
  sink.at = at + shift
  source.at = at + 1
}

/** Texts that are longer, have escapes, or are wrong; the header of each takes so many bytes at least. */
function packOther(source: JsonSource, sink: ByteSink, headerBytes: number): void {
  const header = sink.at
  sink.at += headerBytes
  source.at++
  copyPlain(source, sink)
  while (source.at < source.end && source.bytes[source.at] === backslash) {
    unescape(source, sink)
    copyPlain(source, sink)
  }
  if (source.at >= source.end || source.bytes[source.at] !== quote) throw source.unexpected('a quote')
  source.at++
  endString(sink, header, headerBytes)
}

/** Copies up to the next byte that does not stand for itself; room was made, and for a word more. */
function copyPlain(source: JsonSource, sink: ByteSink): void {
  const { view, end } = source
  const target = sink.view
  const shift = sink.at - source.at
  let { at } = source
  let specials = 0
  for (const last = end - 8; at <= last; at += 8) {
    const low = view.getInt32(at, true)
    const high = view.getInt32(at + 4, true)
    target.setInt32(at + shift, low, true)
    target.setInt32(at + shift + 4, high, true)
    specials = specialsIn(low)
    if (specials !== 0) break
    specials = specialsIn(high)
    if (specials === 0) continue
    at += 4
    break
  }
  if (specials === 0) at = copyEnd(source, sink, at)
  else at += firstOf(specials)
  source.at = at
  sink.at = at + shift
}

/** The same, byte by byte, of the last bytes of a source. */
function copyEnd({ bytes, end, at: start }: JsonSource, sink: ByteSink, from: number): number {
  const shift = sink.at - start
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < 0x20 || byte === quote || byte === backslash) break
    sink.bytes[at + shift] = byte
  }
  return at
}

/**
 * The top bits of those of four bytes that do not stand for themselves: a quote, a backslash or a control character (RFC 8259,
 * section 7). What is taken from each turns it on where that is too small; of a quote and 0x20 the one becomes the other
 * before. Bytes above the first one may be told wrongly.
 */
function specialsIn(word: number): number {
  const small = (word ^ 0x0202_0202) - 0x2121_2121
  const slashes = (word ^ 0x5c5c_5c5c) - 0x0101_0101
  return (small | slashes) & ~word & 0x8080_8080
}

/** Which byte of four it is whose top bit is the lowest one here. */
function firstOf(specials: number): number {
  return (31 - Math.clz32(specials & -specials)) >> 3
}
