import { isUtf8 } from 'node:buffer'

import { deepest } from './depth.js'
import type { Value } from './event.js'
import { JsonParser, notJson } from './json-parser.js'

/** An integer of this many digits may be beyond 2^53. */
const longDigits = 16

/**
 * JSON text (RFC 8259) as a value: what JSON.parse takes and makes of it, but integers beyond 2^53 are bigints, and an escape
 * that is half a surrogate pair is U+FFFD. Throws an AgentError `EVENT_NOT_JSON` where the bytes are not JSON in UTF-8, and
 * `EVENT_TOO_DEEP` where there are more maps and lists in one another than an event may have.
 */
export function readJson(bytes: Uint8Array): Value {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!isUtf8(text)) throw notJson('valid UTF-8', 'something else')
  if (!isPlain(text)) return new JsonParser(text).parse()
  try {
    return JSON.parse(text.toString()) as Value
  } catch {
    return new JsonParser(text).parse() // which throws too, and tells where
  }
}

/** What a byte means to `isPlain`. */
const kinds = new Uint8Array(256)
const other = 0
const digit = 1
const opening = 2
const closing = 3
const escape = 4
kinds.fill(digit, 0x30, 0x3a)
kinds[0x5b] = kinds[0x7b] = opening
kinds[0x5d] = kinds[0x7d] = closing
kinds[0x5c] = escape

/** Whether JSON.parse makes of this text what is wanted: it has no long integer, no surrogates escaped, and is not deep. */
function isPlain(text: Buffer): boolean {
  const { length } = text
  let digits = 0
  let depth = 0
  for (let at = 0; at < length; at++) {
    const kind = kinds[text[at] as number]
    if (kind === digit) {
      if (++digits === longDigits) return false
      continue
    }
    digits = 0
    if (kind === other) continue
    if (kind === opening) depth++
    else if (kind === closing) depth--
    if (depth > deepest || (kind === escape && isSurrogate(text, at))) return false
  }
  return true
}

/** `\ud` begins a surrogate, or one of the few characters before them. */
function isSurrogate(text: Buffer, at: number): boolean {
  return text[at + 1] === 0x75 && ((text[at + 2] ?? 0) | 0x20) === 0x64
}
