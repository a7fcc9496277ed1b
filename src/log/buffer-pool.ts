/** More free buffers than this are left to the garbage collector. */
const mostFree = 16

/**
 * Buffers of whole chunks, used again and again: a busy log would otherwise make garbage faster than it is collected, and the
 * process would hold twice the memory that its budget says.
 */
export class BufferPool {
  readonly bufferBytes: number
  readonly #free: Buffer[] = []

  constructor(bufferBytes: number) {
    this.bufferBytes = bufferBytes
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.bufferBytes)
  }

  /** Nobody may read the buffer any more. */
  give(buffer: Buffer): void {
    if (this.#free.length < mostFree) this.#free.push(buffer)
  }
}
