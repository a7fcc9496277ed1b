const notHex = 0xff
const hexValues = hexTable()
const noBytes = new Uint8Array(0)

/** Reads one line of ASCII from left to right. It is begun anew for each line, and makes no object for any. */
export class LineScanner {
  bytes: Uint8Array = noBytes
  at = 0
  end = 0
  /** Digits of the number that was read last. */
  digits = 0

  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    // Lines of Windows end with a carriage return before the newline.
    if (end > start && bytes[end - 1] === 0x0d) this.end--
  }

  get isAtEnd(): boolean {
    return this.at >= this.end
  }

  /** The byte at hand; 0 at the end. */
  get peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? 0) : 0
  }

  /** Whether the word at hand ends here. */
  get isAtWordEnd(): boolean {
    return this.at >= this.end || isBlank(this.bytes[this.at])
  }

  take(byte: number): boolean {
    const found = this.at < this.end && this.bytes[this.at] === byte
    if (found) this.at++
    return found
  }

  skipBlanks(): void {
    while (this.at < this.end && isBlank(this.bytes[this.at])) this.at++
  }

  skipWord(): void {
    while (!this.isAtWordEnd) this.at++
  }

  /** Reads up to the next blank, and says where it began. */
  word(): number {
    this.skipBlanks()
    const start = this.at
    this.skipWord()
    return start
  }

  /** Takes a word where it stands next, with blanks before it. */
  takeWord(text: string): boolean {
    this.skipBlanks()
    const start = this.at
    for (let index = 0; index < text.length; index++) {
      if (!this.take(text.charCodeAt(index))) return this.#giveBack(start)
    }
    return this.isAtWordEnd || this.#giveBack(start)
  }

  /** A number of at most `most` hexadecimal digits; -1 where there is none. */
  hex(most: number): number {
    const start = this.at
    const last = Math.min(this.end, start + most)
    let value = 0
    while (this.at < last) {
      const digit = hexValues[this.bytes[this.at] ?? 0] ?? notHex
      if (digit === notHex) break
      value = value * 16 + digit
      this.at++
    }
    this.digits = this.at - start
    return this.digits === 0 ? -1 : value
  }

  /** A number of at most `most` decimal digits; -1 where there is none. */
  decimal(most: number): number {
    const start = this.at
    const last = Math.min(this.end, start + most)
    let value = 0
    while (this.at < last) {
      const digit = (this.bytes[this.at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      this.at++
    }
    this.digits = this.at - start
    return this.digits === 0 ? -1 : value
  }

  /** Two hexadecimal digits; -1, and nothing taken, where there are none. */
  octet(): number {
    if (this.at + 2 > this.end) return -1
    const high = hexValues[this.bytes[this.at] ?? 0] ?? notHex
    const low = hexValues[this.bytes[this.at + 1] ?? 0] ?? notHex
    if (high === notHex || low === notHex) return -1
    this.at += 2
    return (high << 4) | low
  }

  #giveBack(start: number): false {
    this.at = start
    return false
  }
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}

function hexTable(): Uint8Array {
  const table = new Uint8Array(256).fill(notHex)
  for (let digit = 0; digit < 16; digit++) {
    table[digit.toString(16).charCodeAt(0)] = digit
    table[digit.toString(16).toUpperCase().charCodeAt(0)] = digit
  }
  return table
}
