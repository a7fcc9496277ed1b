import type { ByteSink } from './byte-sink.js'
import type { JsonSource } from './json-source.js'

const backslash = 0x5c
const letterU = 0x75

/** What the letter behind a backslash stands for (RFC 8259, section 7), 0 where for nothing; `u` is apart. */
const letters = new Uint8Array(256)
letters[0x22] = 0x22
letters[backslash] = backslash
letters[0x2f] = 0x2f
letters[0x62] = 0x08
letters[0x66] = 0x0c
letters[0x6e] = 0x0a
letters[0x72] = 0x0d
letters[0x74] = 0x09

/** The value of each hexadecimal digit, -1 for other bytes. */
const hexDigits = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  hexDigits[text.charCodeAt(0)] = hexDigits[text.toUpperCase().charCodeAt(0)] = digit
}

const replacement = 0xfffd

/** Writes in UTF-8 what the escape at a source's place stands for, whose backslash was seen; half a surrogate pair is U+FFFD. */
export function unescape(source: JsonSource, sink: ByteSink): void {
  const { bytes, at } = source
  const unit = at + 6 <= source.end ? unitAt(bytes, at) : -1
  if (unit >= 0) {
    source.at += 6
    return writePoint(sink, isSurrogate(unit) ? pairOf(source, unit) : unit)
  }
  const byte = at + 2 <= source.end ? (letters[bytes[at + 1] as number] as number) : 0
  if (byte === 0) throw source.unexpected('an escape')
  source.at += 2
  sink.byte(byte)
}

/** The code unit that is escaped at this place, -1 where none is. */
function unitAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== backslash || bytes[at + 1] !== letterU) return -1
  let unit = 0
  for (let index = at + 2; index < at + 6; index++) unit = unit * 16 + hexAt(bytes, index)
  return unit >= 0 ? unit : -1
}

/** One that is none makes any sum of four digits negative. */
function hexAt(bytes: Buffer, at: number): number {
  const digit = hexDigits[bytes[at] as number] as number
  return digit < 0 ? -0x10000 : digit
}

/** The code point of this unit and the one that is escaped behind it, which is taken where they make a pair. */
function pairOf(source: JsonSource, high: number): number {
  if (high >= 0xdc00 || source.at + 6 > source.end) return replacement
  const low = unitAt(source.bytes, source.at)
  if (low < 0xdc00 || low > 0xdfff) return replacement
  source.at += 6
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** A code point in UTF-8 (RFC 3629, section 3). */
function writePoint(sink: ByteSink, point: number): void {
  if (point < 0x80) return sink.byte(point)
  if (point < 0x800) sink.byte(0xc0 | (point >> 6))
  else {
    if (point < 0x10000) sink.byte(0xe0 | (point >> 12))
    else {
      sink.byte(0xf0 | (point >> 18))
      sink.byte(0x80 | ((point >> 12) & 0x3f))
    }
    sink.byte(0x80 | ((point >> 6) & 0x3f))
  }
  sink.byte(0x80 | (point & 0x3f))
}
