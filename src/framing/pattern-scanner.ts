import type { Pattern } from '../base/regex/pattern.js'
import type { Scanner } from '../plugin/framing-scanner.js'

/** A match that lies across two reads is found as far as this reaches, and what stands before it is seen as far. */
const longestMatch = 64

/**
 * Frames that end with what an expression matches, each byte taken for a character of its own (ISO 8859-1). Empty frames are none,
 * so that `[\r\n]+` does the same however its match is split.
 */
export class PatternScanner implements Scanner {
  readonly #pattern: Pattern
  #bytes: Buffer | undefined
  /** Of the bytes from `#textFrom` on: what was looked at of a long frame is not looked at again. */
  #text = ''
  #textFrom = 0
  #trailer = 0

  constructor(pattern: Pattern) {
    this.#pattern = pattern
  }

  get rescan(): number {
    return longestMatch - 1
  }

  get trailer(): number {
    return this.#trailer
  }

  find(bytes: Buffer, from: number): number {
    // Many frames of one read are looked for in one text.
    if (bytes !== this.#bytes) this.#read(bytes, Math.max(0, from - longestMatch))
    const match = this.#pattern.find(this.#text, from - this.#textFrom)
    if (!match || match.end === match.start) {
      this.#bytes = undefined
      this.#trailer = 0
      return -1
    }
    this.#trailer = match.end - match.start
    return this.#textFrom + match.end
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
    return end - start > this.#trailer ? bytes.subarray(start, end - this.#trailer) : undefined
  }

  last(bytes: Buffer): Uint8Array {
    return bytes
  }

  reset(): void {
    this.#bytes = undefined
  }

  #read(bytes: Buffer, from: number): void {
    this.#bytes = bytes
    this.#text = bytes.toString('latin1', from)
    this.#textFrom = from
  }
}
