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

/** From here on a call into the platform copies faster than a loop. */
const longText = 192

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
  const { bytes, view, end } = source
  let { at } = source
  while (at + 4 <= end && !hasSpecial(view.getInt32(at, true))) at += 4
  while (at < end && plain[bytes[at] as number] === 1) at++
  if (at < end && bytes[at] === quote) {
    writeStringHeader(sink, at - start)
    if (at - start < longText) copyWords(source, sink, start, at)
    else sink.raw(bytes, start, at)
    source.at = at
  } else packEscaped(source, sink, start)
  source.at++
}

/** Copies a text without a call into the platform; room was made. */
function copyWords(source: JsonSource, sink: ByteSink, start: number, end: number): void {
  const { view, bytes } = source
  const target = sink.view
  const shift = sink.at - start
  let at = start
  for (; at + 4 <= end; at += 4) target.setInt32(at + shift, view.getInt32(at, true), true)
  for (; at < end; at++) sink.bytes[at + shift] = bytes[at] as number
  sink.at = at + shift
}

function packEscaped(source: JsonSource, sink: ByteSink, start: number): void {
  const { bytes, end } = source
  const header = sink.at++
  source.at = start
  copyPlain(source, sink)
  while (source.at < end && bytes[source.at] === backslash) {
    unescape(source, sink)
    copyPlain(source, sink)
  }
  if (source.at >= end || bytes[source.at] !== quote) throw source.unexpected('a quote')
  endString(sink, header, 1)
}

/** Copies up to the next byte that does not stand for itself; room was made. */
function copyPlain(source: JsonSource, sink: ByteSink): void {
  const { bytes, end } = source
  const target = sink.bytes
  const shift = sink.at - source.at
  let { at } = source
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (plain[byte] === 0) break
    target[at + shift] = byte
  }
  source.at = at
  sink.at = at + shift
}

/** Whether one of four bytes does not stand for itself: what is taken from each turns the top bit on of those that are too small. */
function hasSpecial(word: number): boolean {
  const quotes = word ^ 0x2222_2222
  const slashes = word ^ 0x5c5c_5c5c
  const found =
    ((quotes - 0x0101_0101) & ~quotes) | ((slashes - 0x0101_0101) & ~slashes) | ((word - 0x2020_2020) & ~word)
  return (found & 0x8080_8080) !== 0
}
