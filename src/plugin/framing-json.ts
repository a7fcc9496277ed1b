import type { Scanner } from './framing-scanner.js'

const quote = 0x22
const backslash = 0x5c
const newline = 0x0a

/** 1 for each byte that means something between the braces or brackets of a value, texts aside. */
const means = new Uint8Array(256)
for (const char of '{}[]"\n') means[char.charCodeAt(0)] = 1

/** Where the scanner is: between values, in a word or number, in text, behind a backslash in text, in an array or object. */
type State = 'between' | 'word' | 'text' | 'escape' | 'nest' | 'done'

/**
 * JSON values one behind the other, with white space between them or none. White space makes a frame of its own that `trim`
 * drops, so it is never held. A raw line break inside text is not JSON (RFC 8259, section 7): the frame ends there, so that
 * a stray quote costs one line and not the stream. A frame longer than `maxFrame` ends with its value, or before a line that
 * begins with `{` or `[`.
 */
export class JsonScanner implements Scanner {
  readonly rescan = 0
  readonly trailer = 0
  readonly #maxFrame: number
  #state: State = 'between'
  #depth = 0
  #lineBegins = false
  /** Bytes of the unfinished frame in what was looked at before. */
  #seen = 0

  constructor(maxFrame: number) {
    this.#maxFrame = maxFrame
  }

  find(bytes: Buffer, from: number): number {
    if (this.#state === 'between') {
      const begin = skipSpace(bytes, from)
      if (begin > from) return begin
      if (begin < bytes.length) this.#begin(bytes[begin] ?? 0)
      else return -1
      return this.#findEnd(bytes, begin + 1, from)
    }
    return this.#findEnd(bytes, from, from)
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
    return isSpace(bytes[start] ?? 0) ? undefined : bytes.subarray(start, end)
  }

  last(bytes: Buffer): Uint8Array {
    return bytes
  }

  reset(): void {
    this.#state = 'between'
    this.#depth = 0
    this.#seen = 0
    this.#lineBegins = false
  }

  #begin(byte: number): void {
    this.#depth = opens(byte) ? 1 : 0
    this.#state = byte === quote ? 'text' : opens(byte) ? 'nest' : 'word'
  }

  #findEnd(bytes: Buffer, from: number, frame: number): number {
    let at = from
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'nest') at = this.#passNest(bytes, at, frame)
      else if (this.#state === 'word') at = this.#passWord(bytes, at)
      else at = this.#passText(bytes, at)
    }
    if (this.#state === 'done') {
      this.reset()
      return at
    }
    this.#seen += bytes.length - frame
    return -1
  }

  #passWord(bytes: Buffer, from: number): number {
    let at = from
    while (at < bytes.length && !endsWord(bytes[at] ?? 0)) at++
    if (at < bytes.length) this.#state = 'done'
    return at
  }

  #passText(bytes: Buffer, from: number): number {
    let at = this.#state === 'escape' && bytes[from] !== newline ? from + 1 : from
    this.#state = 'text'
    for (; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === quote) return this.#leaveText(this.#depth === 0 ? 'done' : 'nest', at)
      if (byte === newline) return this.#leaveText('done', at)
      if (byte !== backslash) continue
      if (at + 1 === bytes.length) this.#state = 'escape'
      else if (bytes[at + 1] !== newline) at++
    }
    return bytes.length
  }

  #leaveText(state: State, at: number): number {
    this.#state = state
    return at + 1
  }

  #passNest(bytes: Buffer, from: number, frame: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (means[byte] === 0) {
        this.#lineBegins = false
        continue
      }
      if (byte === quote) return this.#leaveNest('text', at + 1)
      if (closes(byte) && --this.#depth === 0) return this.#leaveNest('done', at + 1)
      if (opens(byte)) {
        if (this.#lineBegins && this.#seen + at - frame > this.#maxFrame) return this.#leaveNest('done', at)
        this.#depth++
      }
      this.#lineBegins = byte === newline
    }
    return bytes.length
  }

  #leaveNest(state: State, at: number): number {
    this.#state = state
    this.#lineBegins = false
    return at
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09
const opens = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const closes = (byte: number): boolean => byte === 0x7d || byte === 0x5d
const endsWord = (byte: number): boolean => isSpace(byte) || opens(byte) || byte === quote

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at++
  return at
}
