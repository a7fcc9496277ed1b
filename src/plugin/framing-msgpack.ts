import { wholeSize } from '../event/whole-size.js'
import type { Scanner } from './framing-scanner.js'

/**
 * Msgpack values one behind the other (msgpack specification, "Formats"). To find the end of a value it is enough to count:
 * an array or map adds its elements to the values still owed, and text or bytes add their length to the bytes to step over.
 * 0xc1 is no value: it makes a frame of its own, which no codec takes.
 */
export class MsgpackScanner implements Scanner {
  readonly trailer = 0
  #owed = 1
  #skip = 0
  /** Bytes of a header that was cut by the end of a push; they are looked at again. */
  #partial = 0

  get rescan(): number {
    return this.#partial
  }

  /** Bytes that the unfinished value takes at least, behind those that were looked at. */
  get missing(): number {
    return this.#skip + this.#owed
  }

  find(bytes: Buffer, from: number): number {
    let at = from
    this.#partial = 0
    while (true) {
      const step = Math.min(this.#skip, bytes.length - at)
      this.#skip -= step
      at += step
      if (this.#skip === 0) at = this.#stepOver(bytes, at)
      if (this.#skip === 0 && this.#owed === 0) {
        this.#owed = 1
        return at
      }
      if (at >= bytes.length) return -1
      const header = headerLength(bytes[at] ?? 0)
      if (at + header > bytes.length) {
        this.#partial = bytes.length - at
        return -1
      }
      this.#owed--
      this.#take(bytes, at)
      at += header
    }
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array {
    return bytes.subarray(start, end)
  }

  last(bytes: Buffer): Uint8Array {
    return bytes
  }

  reset(): void {
    this.#owed = 1
    this.#skip = 0
    this.#partial = 0
  }

  /** Past the values that nearly all are: those whose first byte alone tells what they take, and short maps and arrays. */
  #stepOver(bytes: Buffer, from: number): number {
    let at = from
    let owed = this.#owed
    while (owed > 0 && at < bytes.length) {
      const first = bytes[at] as number
      const size = wholeSize[first] as number
      if (at + size > bytes.length || (size === 0 && first >= 0xa0)) break
      at += size || 1
      owed += size > 0 ? -1 : (first < 0x90 ? 2 : 1) * (first & 0x0f) - 1
    }
    this.#owed = owed
    return at
  }

  #take(bytes: Buffer, at: number): void {
    const first = bytes[at] ?? 0
    if (first < 0x80 || first >= 0xe0) return
    if (first < 0x90) this.#owed += (first & 0x0f) * 2
    else if (first < 0xa0) this.#owed += first & 0x0f
    else if (first < 0xc0) this.#skip = first & 0x1f
    else this.#takeMarked(bytes, at, first)
  }

  #takeMarked(bytes: Buffer, at: number, first: number): void {
    if (first >= 0xdc) {
      const elements = first % 2 === 0 ? bytes.readUInt16BE(at + 1) : bytes.readUInt32BE(at + 1)
      this.#owed += first >= 0xde ? elements * 2 : elements
    } else {
      this.#skip =
        fixedBytes[first - 0xc0] ?? lengthAt(bytes, at + 1, headerLength(first) - 1) + (isExtension(first) ? 1 : 0)
    }
  }
}

/** Bytes behind the marks 0xc0 to 0xdb whose length is fixed, a type byte of extensions included; the others state theirs. */
const fixedBytes: readonly (number | undefined)[] = [
  ...[0, 0, 0, 0],
  ...[undefined, undefined, undefined, undefined, undefined, undefined],
  ...[4, 8],
  ...[1, 2, 4, 8, 1, 2, 4, 8],
  ...[2, 3, 5, 9, 17],
]

const isExtension = (first: number): boolean => first >= 0xc7 && first <= 0xc9

/** The mark and the length behind it, where the mark has one. */
function headerLength(first: number): number {
  if (first >= 0xc4 && first <= 0xc6) return 1 + 2 ** (first - 0xc4)
  if (isExtension(first)) return 1 + 2 ** (first - 0xc7)
  if (first >= 0xd9 && first <= 0xdb) return 1 + 2 ** (first - 0xd9)
  if (first >= 0xdc && first <= 0xdf) return first % 2 === 0 ? 3 : 5
  return 1
}

function lengthAt(bytes: Buffer, at: number, size: number): number {
  return bytes.readUIntBE(at, size)
}
