import { AgentError } from 'sluice/plugin'

/** Reads frame data from its front. Throws `XBEE_SHORT` where it ends too early. */
export class FrameReader {
  readonly #frame: Buffer
  #at = 0

  constructor(frame: Buffer) {
    this.#frame = frame
  }

  u8(): number {
    return this.#take(1).readUInt8()
  }

  u16(): number {
    return this.#take(2).readUInt16BE()
  }

  hex(bytes: number): string {
    return this.#take(bytes).toString('hex')
  }

  ascii(bytes: number): string {
    return this.#take(bytes).toString('latin1')
  }

  /** Text up to a NUL. */
  cString(): string {
    const end = this.#frame.indexOf(0, this.#at)
    const text = this.#take((end < 0 ? this.#frame.length : end) - this.#at).toString('utf8')
    this.#take(1)
    return text
  }

  get left(): number {
    return this.#frame.length - this.#at
  }

  rest(): Buffer {
    return this.#take(this.left)
  }

  #take(bytes: number): Buffer {
    const end = this.#at + bytes
    if (end > this.#frame.length) {
      const type = this.#frame.toString('hex', 0, 1)
      throw new AgentError('XBEE_SHORT', `frame 0x${type}: expected ${end} bytes or more, got ${this.#frame.length}`)
    }
    const taken = this.#frame.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}
