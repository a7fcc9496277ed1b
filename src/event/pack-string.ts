import type { ByteSink } from './byte-sink.js'
import type { JsonSource } from './json-source.js'
import { unescape } from './unescape-json.js'
import { endString, writeStringHeader } from './write-string.js'

const quote = 0x22
const backslash = 0x5c

/** 1 for each byte that stands for itself in a JSON text: no quote, no backslash, no control character (RFC 8259, section 7). */
const plain = new Uint8Array(256).fill(1, 0x20)
plain[quote] = plain[backslash] = 0

/** A text of fewer bytes has a header of one byte. */
const shortText = 32

/** Writes the JSON string at a source's place, whose quote was seen: a text of no more bytes than stand there. */
export function packString(source: JsonSource, sink: ByteSink): void {
  const { bytes, end } = source
  const start = source.at + 1
  sink.reserve(end - source.at + 4)
  const target = sink.bytes
  const header = sink.at
  const shift = header + 1 - start
  const stop = Math.min(end, start + shortText)
  let at = start
  const { view } = source
  const targetView = sink.view
  for (; at + 4 <= stop; at += 4) {
    const word = view.getInt32(at, true)
    if (hasSpecial(word)) break
    targetView.setInt32(at + shift, word, true)
  }
  for (; at < stop; at++) {
    const byte = bytes[at] as number
    if (plain[byte] === 0) break
    target[at + shift] = byte
  }
  source.at = at
  if (at === stop || bytes[at] !== quote) return packOther(source, sink, start)
  target[header] = 0xa0 | (at - start)
  sink.at = at + shift
  source.at = at + 1
}

/** Texts that are longer, have escapes, or are wrong. */
function packOther(source: JsonSource, sink: ByteSink, start: number): void {
  const { bytes, end } = source
  let { at } = source
  while (at < end && plain[bytes[at] as number] === 1) at++
  source.at = at
  if (at < end && bytes[at] === quote) {
    writeStringHeader(sink, at - start)
    sink.raw(bytes, start, at)
  } else packEscaped(source, sink, start)
  source.at++
}

/** Run by run of what stands for itself, with an escape behind each but the last. */
function packEscaped(source: JsonSource, sink: ByteSink, start: number): void {
  const { bytes, end } = source
  const header = sink.at++
  let from = start
  while (source.at < end && bytes[source.at] === backslash) {
    sink.raw(bytes, from, source.at)
    unescape(source, sink)
    from = source.at
    while (source.at < end && plain[bytes[source.at] as number] === 1) source.at++
  }
  if (source.at >= end || bytes[source.at] !== quote) throw source.unexpected('a quote')
  sink.raw(bytes, from, source.at)
  endString(sink, header, 1)
}

function hasSpecial(word: number): boolean {
  const quotes = word ^ 0x2222_2222
  const slashes = word ^ 0x5c5c_5c5c
  const found =
    ((quotes - 0x0101_0101) & ~quotes) | ((slashes - 0x0101_0101) & ~slashes) | ((word - 0x2020_2020) & ~word)
  return (found & 0x8080_8080) !== 0
}
