import { AgentError } from '../base/agent-error.js'

/** How the bytes of a field are cut: the low three bits of its tag (Protocol Buffers, "Encoding", section "Message Structure"). */
export const wire = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const

/**
 * Reads the wire format of Protocol Buffers from a range of bytes, which it never leaves: whatever is cut short or malformed
 * throws an AgentError `PROTOBUF_MALFORMED`. Integers of 64 bits are exact: those beyond 2^53 are bigints.
 *
 *     tag = field number << 3 | wire type, as a varint; then a varint, 4 or 8 bytes, or a length and as many bytes
 */
export class WireReader {
  readonly #bytes: Buffer
  #at: number
  #end: number
  /** The two halves of the varint that was read last. */
  #low = 0
  #high = 0

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#at = start
    this.#end = end
  }

  get at(): number {
    return this.#at
  }

  get end(): number {
    return this.#end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  /** Another reader of some of these bytes. */
  range(start: number, end: number): WireReader {
    return new WireReader(this.#bytes, start, end)
  }

  /** The next field's number and wire type, as they stand. */
  tag(): number {
    const tag = this.uint32()
    if (tag >>> 3 === 0 || this.#high !== 0) throw malformed(this.#at, 'the number of a field', 'none')
    return tag
  }

  /** Steps over a field's value. */
  skip(wireType: number): void {
    if (wireType === wire.varint) this.#varint()
    else if (wireType === wire.fixed64) this.#take(8)
    else if (wireType === wire.length) this.#take(this.#length())
    else if (wireType === wire.fixed32) this.#take(4)
    else throw malformed(this.#at, 'wire type 0, 1, 2 or 5', String(wireType))
  }

  /** Narrows the range to the value of a field that has a length; answers what `leave` takes to go on behind it. */
  enter(): number {
    const outer = this.#end
    const length = this.#length()
    this.#at = this.#take(length)
    this.#end = this.#at + length
    return outer
  }

  leave(outer: number): void {
    this.#at = this.#end
    this.#end = outer
  }

  bool(): boolean {
    this.#varint()
    return (this.#low | this.#high) !== 0
  }

  uint32(): number {
    this.#varint()
    return this.#low >>> 0
  }

  int32(): number {
    this.#varint()
    return this.#low | 0
  }

  sint32(): number {
    this.#varint()
    return (this.#low >>> 1) ^ -(this.#low & 1)
  }

  uint64(): number | bigint {
    this.#varint()
    return integer(this.#high >>> 0, this.#low >>> 0)
  }

  int64(): number | bigint {
    this.#varint()
    return integer(this.#high | 0, this.#low >>> 0)
  }

  sint64(): number | bigint {
    this.#varint()
    const sign = -(this.#low & 1)
    const low = ((this.#low >>> 1) | (this.#high << 31)) ^ sign
    return integer((this.#high >>> 1) ^ sign, low >>> 0)
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  fixed64(): number | bigint {
    const at = this.#take(8)
    return integer(this.#bytes.readUInt32LE(at + 4), this.#bytes.readUInt32LE(at))
  }

  sfixed64(): number | bigint {
    const at = this.#take(8)
    return integer(this.#bytes.readInt32LE(at + 4), this.#bytes.readUInt32LE(at))
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** What JavaScript may not tell of a double: the bits of the eight bytes that were read last. */
  lastBits(): bigint {
    return this.#bytes.readBigUInt64LE(this.#at - 8)
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.#length()
    const at = this.#take(length)
    return new Uint8Array(this.#bytes.subarray(at, at + length))
  }

  /** Bytes that are not UTF-8 become U+FFFD. */
  string(): string {
    const length = this.#length()
    const at = this.#take(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  hex(): string {
    const length = this.#length()
    const at = this.#take(length)
    return this.#bytes.toString('hex', at, at + length)
  }

  #length(): number {
    this.#varint()
    return (this.#high >>> 0) * 2 ** 32 + (this.#low >>> 0)
  }

  /** Seven bits a byte, the lowest first; bits beyond the 64th are nobody's. */
  #varint(): void {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#take(1)] ?? 0
      const bits = byte & 0x7f
      if (shift < 32) low |= bits << shift
      if (shift === 28) high = bits >>> 4
      if (shift > 28) high |= bits << (shift - 32)
      if (byte < 0x80) {
        this.#low = low
        this.#high = high
        return
      }
    }
    throw malformed(this.#at, 'the end of a varint', 'more than ten bytes')
  }

  /** Where these bytes begin, once it is known that they are there. */
  #take(count: number): number {
    const at = this.#at
    if (count > this.#end - at) throw malformed(at, `${count} bytes more`, String(this.#end - at))
    this.#at = at + count
    return at
  }
}

function integer(high: number, low: number): number | bigint {
  const value = high * 2 ** 32 + low
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low)
}

function malformed(at: number, expected: string, got: string): AgentError {
  return new AgentError('PROTOBUF_MALFORMED', `protobuf: expected ${expected} at byte ${at}, got ${got}`)
}
