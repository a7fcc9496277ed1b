const digits = Buffer.from('0123456789ABCDEF')

/** A growing text of ASCII, for writers of lines that make no object for any. */
export class AsciiSink {
  #bytes: Buffer
  #at = 0

  constructor(initialBytes = 4096) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes)
  }

  get size(): number {
    return this.#at
  }

  /** What was written so far, lent until the next call. */
  peek(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** All that was written, which the sink forgets. */
  take(): Uint8Array {
    const written = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at)
    this.#at = 0
    return written
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = byte
  }

  /** A text without characters beyond ASCII, which would be cut. */
  text(text: string): void {
    this.#reserve(text.length)
    for (let index = 0; index < text.length; index++) this.#bytes[this.#at++] = text.charCodeAt(index)
  }

  /** A text of any characters, with `_` for blanks and controls: it stays one word. */
  word(text: string): void {
    const clean = /^[!-~]+$/.test(text) ? text : text.replaceAll(/[\s\p{Cc}]/gu, '_') || '_'
    const size = Buffer.byteLength(clean)
    this.#reserve(size)
    this.#at += this.#bytes.write(clean, this.#at)
  }

  blanks(count: number): void {
    for (let left = count; left > 0; left--) this.byte(0x20)
  }

  /** As many hexadecimal digits as asked for, in capitals. */
  hex(value: number, width: number): void {
    this.#reserve(width)
    const bytes = this.#bytes
    let at = this.#at
    for (let shift = (width - 1) * 4; shift >= 0; shift -= 4) bytes[at++] = digits[(value >>> shift) & 15] as number
    this.#at = at
  }

  /** A number in hexadecimal without zeros before it; answers how many digits it has. */
  shortHex(value: number): number {
    let width = 1
    while (width < 8 && value >= 16 ** width) width++
    this.hex(value, width)
    return width
  }

  /** A whole number, with zeros before it up to a width. */
  decimal(value: number, width = 1): void {
    let size = width
    while (value >= 10 ** size) size++
    this.#reserve(size)
    let left = value
    for (let at = this.#at + size - 1; at >= this.#at; at--) {
      const tens = Math.floor(left / 10)
      this.#bytes[at] = 0x30 + left - tens * 10
      left = tens
    }
    this.#at += size
  }

  /** Bytes as pairs of digits, with a blank before each if asked for. */
  octets(data: Uint8Array, length: number, before: '' | ' '): void {
    this.#reserve(length * 3)
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < length; index++) {
      const byte = data[index] as number
      if (before !== '') bytes[at++] = 0x20
      bytes[at++] = digits[byte >>> 4] as number
      bytes[at++] = digits[byte & 15] as number
    }
    this.#at = at
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#at + more, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
  }
}
