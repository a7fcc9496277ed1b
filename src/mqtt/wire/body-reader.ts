import { isUtf8 } from 'node:buffer'
import { malformed } from './mqtt-refusal.js'

/** Reads the data types of MQTT (5.0, section 1.5) from the body of one packet. Throws an MqttRefusal where they are not there. */
export class BodyReader {
  readonly bytes: Buffer
  readonly end: number
  at: number

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes
    this.at = start
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.at === this.end
  }

  u8(): number {
    this.#need(1)
    return this.bytes[this.at++] as number
  }

  u16(): number {
    this.#need(2)
    this.at += 2
    return this.bytes.readUInt16BE(this.at - 2)
  }

  u32(): number {
    this.#need(4)
    this.at += 4
    return this.bytes.readUInt32BE(this.at - 4)
  }

  /** A packet identifier, which is never 0 (MQTT 5.0, section 2.2.1). */
  packetId(): number {
    const id = this.u16()
    if (id === 0) throw malformed('a packet identifier other than 0')
    return id
  }

  /** Seven bits a byte, at most four bytes. */
  variable(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw malformed('a number of at most four bytes')
  }

  /** Valid UTF-8 without U+0000 (section 1.5.4). */
  text(): string {
    const bytes = this.binary()
    if (!isUtf8(bytes) || bytes.includes(0)) throw malformed('text in UTF-8 without U+0000')
    return bytes.toString('utf8')
  }

  /** Lent with the packet. */
  binary(): Buffer {
    const length = this.u16()
    this.#need(length)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** What follows, of this many bytes, to be read by itself. */
  part(length: number): BodyReader {
    this.#need(length)
    this.at += length
    return new BodyReader(this.bytes, this.at - length, this.at)
  }

  /** Throws where there is more than should be. */
  close(): void {
    if (this.at !== this.end) throw malformed('the end of the packet')
  }

  #need(length: number): void {
    if (this.at + length > this.end) throw malformed('more bytes in the packet')
  }
}
