/** Copies reach no further back than this, which two bytes can say; so the input is taken in pieces of it. */
const pieceBytes = 1 << 16

/** Places that are remembered, by a hash of the four bytes there. */
const tableBits = 14

/** Shorter repetitions are not worth a copy, and no copy may begin where fewer bytes are left to be looked at. */
const shortestCopy = 4
const longestCopy = 64

/**
 * Bytes as one block of Snappy ("Snappy compressed format description", format_description.txt), which says in front how large it
 * becomes. Repetitions within 64 KiB become copies; where none are found, the search takes ever longer steps, so that what cannot
 * be compressed costs little.
 */
export function compressBlock(bytes: Uint8Array): Uint8Array {
  const block = new BlockWriter(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  return block.write()
}

class BlockWriter {
  readonly #whole: Buffer
  readonly #view: DataView
  readonly #block: Buffer
  /** Place behind the beginning of the piece, by hash. */
  readonly #places = new Uint16Array(1 << tableBits)
  #at = 0

  constructor(whole: Buffer) {
    this.#whole = whole
    this.#view = new DataView(whole.buffer, whole.byteOffset, whole.length)
    // A literal of a piece takes three bytes more than it has; five say how much it is in all.
    this.#block = Buffer.allocUnsafeSlow(5 + whole.length + Math.ceil(whole.length / 32) + 8)
  }

  write(): Uint8Array {
    this.#preamble(this.#whole.length)
    for (let start = 0; start < this.#whole.length; start += pieceBytes) {
      this.#places.fill(0)
      this.#piece(start, Math.min(start + pieceBytes, this.#whole.length))
    }
    return Uint8Array.prototype.slice.call(this.#block.subarray(0, this.#at))
  }

  #preamble(size: number): void {
    let rest = size
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#block[this.#at++] = (rest % 0x80) | 0x80
    this.#block[this.#at++] = rest
  }

  #piece(start: number, end: number): void {
    const last = end - shortestCopy
    let literal = start
    let misses = 32
    for (let at = start + 1; at <= last;) {
      const found = this.#earlier(at, start)
      if (found < 0) {
        at += misses++ >> 5
        continue
      }
      if (literal < at) this.#literal(literal, at)
      const length = this.#alike(found, at, end)
      this.#copies(length, at - found)
      at += length
      literal = at
      misses = 32
    }
    if (literal < end) this.#literal(literal, end)
  }

  /** Where the same four bytes stood before, or -1; from now on it is remembered that they are here. */
  #earlier(at: number, start: number): number {
    const four = this.#view.getUint32(at, true)
    const hash = Math.imul(four, 0x1e35a7bd) >>> (32 - tableBits)
    const place = start + (this.#places[hash] ?? 0)
    this.#places[hash] = at - start
    return place < at && this.#view.getUint32(place, true) === four ? place : -1
  }

  #alike(from: number, at: number, end: number): number {
    let length = shortestCopy
    while (at + length < end && this.#whole[from + length] === this.#whole[at + length]) length++
    return length
  }

  #literal(from: number, end: number): void {
    const last = end - from - 1
    if (last < 60) this.#block[this.#at++] = last << 2
    else {
      const width = last < 0x100 ? 1 : 2
      this.#block[this.#at++] = (59 + width) << 2
      this.#at = this.#block.writeUIntLE(last, this.#at, width)
    }
    this.#at += this.#whole.copy(this.#block, this.#at, from, end)
  }

  /** What is longer than one copy may be becomes several, none of them shorter than four bytes. */
  #copies(length: number, offset: number): void {
    let rest = length
    while (rest > longestCopy + shortestCopy) {
      this.#longCopy(longestCopy, offset)
      rest -= longestCopy
    }
    if (rest > longestCopy) {
      this.#longCopy(longestCopy - shortestCopy, offset)
      rest -= longestCopy - shortestCopy
    }
    if (rest >= 12 || offset >= 2048) this.#longCopy(rest, offset)
    else {
      this.#block[this.#at++] = ((offset >> 8) << 5) | ((rest - 4) << 2) | 1
      this.#block[this.#at++] = offset & 0xff
    }
  }

  #longCopy(length: number, offset: number): void {
    this.#block[this.#at++] = ((length - 1) << 2) | 2
    this.#at = this.#block.writeUInt16LE(offset, this.#at)
  }
}
