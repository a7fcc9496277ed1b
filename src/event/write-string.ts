import type { ByteSink } from './byte-sink.js'

/** Texts shorter than this are written faster by a loop than by a call into the platform. */
const shortText = 40

/** Above this a text's size is measured before room is made for it; below it, room for the worst case is made. */
const longText = 4096

/** Lone surrogates become U+FFFD. */
export function writeString(sink: ByteSink, text: string): void {
  if (text.length >= shortText || !writeShortAscii(sink, text)) writeText(sink, text)
}

export function writeStringHeader(sink: ByteSink, size: number): void {
  if (size < 32) sink.byte(0xa0 | size)
  else if (size < 0x100) sink.markedU8(0xd9, size)
  else if (size < 0x10000) sink.markedU16(0xda, size)
  else sink.markedU32(0xdb, size)
}

/** False, and nothing written, where the text is not all ASCII. */
function writeShortAscii(sink: ByteSink, text: string): boolean {
  const { length } = text
  sink.reserve(length + 2)
  const { bytes } = sink
  let { at } = sink
  if (length >= 32) {
    bytes[at++] = 0xd9
    bytes[at++] = length
  } else bytes[at++] = 0xa0 | length
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x80) return false
    bytes[at++] = code
  }
  sink.at = at
  return true
}

/** Takes the text for ASCII at first; where it has more bytes than that, they move up to make room for a longer header. */
function writeText(sink: ByteSink, text: string): void {
  const { length } = text
  sink.reserve(5 + (length > longText ? Buffer.byteLength(text) : length * 3))
  const start = sink.at
  const guessed = headerBytes(length)
  const size = sink.bytes.write(text, start + guessed)
  sink.at = start + guessed + size
  endString(sink, start, guessed)
}

/** The header of a text whose bytes were written behind a gap of `guessed` bytes at `start`: they move up where it takes more. */
export function endString(sink: ByteSink, start: number, guessed: number): void {
  const size = sink.at - start - guessed
  const needed = headerBytes(size)
  if (needed > guessed) sink.insert(start + guessed, needed - guessed)
  sink.at = start
  writeStringHeader(sink, size)
  sink.at = start + needed + size
}

function headerBytes(size: number): number {
  if (size < 32) return 1
  if (size < 0x100) return 2
  return size < 0x10000 ? 3 : 5
}
