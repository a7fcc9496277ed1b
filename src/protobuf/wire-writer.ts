import { ByteSink } from '../event/byte-sink.js'

/** Text up to this is copied faster by a loop than by a call into the platform. */
const shortText = 64

/**
 * Writes the wire format of Protocol Buffers. Integers of 64 bits are exact: those beyond 2^53 are bigints, of which the last 64
 * bits count.
 */
export class WireWriter {
  readonly #sink = new ByteSink(1024)

  /** All that was written. */
  take(): Uint8Array {
    return this.#sink.take()
  }

  /** A field's number and wire type, as they stand. */
  tag(number: number, wireType: number): void {
    this.uint32((number << 3) | wireType)
  }

  /** Where a value with a length begins; `leave` takes it. */
  enter(): number {
    this.#sink.byte(0)
    return this.#sink.at
  }

  /** Puts its length in front of what was written since; there was one byte left for it, which mostly is enough. */
  leave(start: number): void {
    const length = this.#sink.at - start
    const more = sizeOf(length) - 1
    if (more > 0) this.#sink.insert(start, more)
    const end = this.#sink.at
    this.#sink.at = start - 1
    this.uint32(length)
    this.#sink.at = end
  }

  uint32(value: number): void {
    const sink = this.#sink
    sink.reserve(5)
    let rest = value >>> 0
    for (; rest >= 0x80; rest >>>= 7) sink.bytes[sink.at++] = (rest & 0x7f) | 0x80
    sink.bytes[sink.at++] = rest
  }

  /** Of 64 bits where it is negative ("Encoding", section "Signed Integers"). */
  int32(value: number): void {
    if (value >= 0) this.uint32(value)
    else this.#varint(value >>> 0, 0xff_ff_ff_ff)
  }

  sint32(value: number): void {
    this.uint32((value << 1) ^ (value >> 31))
  }

  int64(value: number | bigint): void {
    this.#varint(lowOf(value), highOf(value))
  }

  uint64(value: number | bigint): void {
    this.#varint(lowOf(value), highOf(value))
  }

  sint64(value: number | bigint): void {
    const exact = BigInt(value)
    this.uint64(BigInt.asUintN(64, (exact << 1n) ^ (exact >> 63n)))
  }

  fixed32(value: number): void {
    this.#sink.reserve(4)
    this.#sink.view.setUint32(this.#sink.at, value, true)
    this.#sink.at += 4
  }

  fixed64(value: number | bigint): void {
    this.fixed32(lowOf(value))
    this.fixed32(highOf(value))
  }

  sfixed64(value: number | bigint): void {
    this.fixed64(value)
  }

  double(value: number): void {
    this.#sink.reserve(8)
    this.#sink.view.setFloat64(this.#sink.at, value, true)
    this.#sink.at += 8
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length)
    this.#sink.raw(value, 0, value.length)
  }

  /** Halves of surrogate pairs become U+FFFD. */
  string(value: string): void {
    const most = value.length * 3
    this.#sink.reserve(most + 5)
    const start = this.enter()
    if (value.length > shortText || !this.#ascii(value)) {
      this.#sink.at = start + this.#sink.bytes.write(value, start)
    }
    this.leave(start)
  }

  /** Whether it was all ASCII, and is written. */
  #ascii(value: string): boolean {
    const { bytes, at } = this.#sink
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) return false
      bytes[at + index] = code
    }
    this.#sink.at = at + value.length
    return true
  }

  #varint(low: number, high: number): void {
    const sink = this.#sink
    sink.reserve(10)
    let rest = low
    let above = high
    for (; above > 0 || rest >= 0x80; above >>>= 7) {
      sink.bytes[sink.at++] = (rest & 0x7f) | 0x80
      rest = ((rest >>> 7) | (above << 25)) >>> 0
    }
    sink.bytes[sink.at++] = rest
  }
}

/** How many bytes a varint takes. */
function sizeOf(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest >>>= 7) size++
  return size
}

function lowOf(value: number | bigint): number {
  return typeof value === 'number' ? (value % 2 ** 32) >>> 0 : Number(BigInt.asUintN(32, value))
}

/** Of the upper 32 bits of two's complement. */
function highOf(value: number | bigint): number {
  return typeof value === 'number' ? Math.floor(value / 2 ** 32) >>> 0 : Number(BigInt.asUintN(32, value >> 32n))
}
