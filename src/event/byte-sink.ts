const noBytes = Buffer.alloc(0)

/** A buffer that something huge made larger is not kept for what comes behind it. */
const mostKeptBytes = 1024 * 1024

/**
 * A growing buffer that the writers of this room share. They write straight into `bytes` and `view` at `at`, having called
 * `reserve`, which may replace both: nobody keeps either across a call.
 */
export class ByteSink {
  bytes: Buffer = noBytes
  view: DataView = new DataView(noBytes.buffer, 0, 0)
  at = 0
  readonly #initialBytes: number

  constructor(initialBytes: number) {
    this.#initialBytes = initialBytes
  }

  reserve(more: number): void {
    if (this.at + more > this.bytes.length) this.#grow(this.at + more)
  }

  /** Forgets what was written. */
  clear(): void {
    this.at = 0
    if (this.bytes.length > mostKeptBytes) this.#adopt(noBytes)
  }

  /** All that was written, which the sink forgets: the buffer itself where that wastes little, else a copy. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.at)
    this.at = 0
    if (written.length * 4 < this.bytes.length * 3) return Uint8Array.prototype.slice.call(written)
    this.#adopt(noBytes)
    return written
  }

  byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.at++] = byte
  }

  /** A byte of msgpack's formats, and a number of one byte behind it; so do the next two with two bytes and four. */
  markedU8(mark: number, value: number): void {
    this.reserve(2)
    this.bytes[this.at++] = mark
    this.bytes[this.at++] = value
  }

  markedU16(mark: number, value: number): void {
    this.reserve(3)
    this.bytes[this.at] = mark
    this.view.setUint16(this.at + 1, value)
    this.at += 3
  }

  markedU32(mark: number, value: number): void {
    this.reserve(5)
    this.bytes[this.at] = mark
    this.view.setUint32(this.at + 1, value)
    this.at += 5
  }

  raw(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start
    this.reserve(size)
    this.bytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.at)
    this.at += size
  }

  /** Opens a gap of `size` bytes at `from`; what stood behind it moves up. */
  insert(from: number, size: number): void {
    this.reserve(size)
    this.bytes.copyWithin(from + size, from, this.at)
    this.at += size
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2, this.#initialBytes))
    grown.set(this.bytes.subarray(0, this.at))
    this.#adopt(grown)
  }

  #adopt(bytes: Buffer): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}
