import { readSync } from 'node:fs'
import { littleEndian } from 'sluice/libc'

/** `struct gpio_v2_line_event` (linux/gpio.h): u64 time in nanoseconds, u32 edge, offset, two sequence numbers; the rest is room. */
const eventSize = 48
const edgeAt = 8
const sequenceAt = 20
const rising = 1

/** Most events of one read. */
const batchCount = 128

const billion = 1_000_000_000n

/** Memory for the events of a line, and what came of each: read straight off the memory. */
export class EdgeBatch {
  readonly #bytes = new Uint8Array(batchCount * eventSize)
  readonly #view = new DataView(this.#bytes.buffer)
  /** How many the last read brought. */
  count = 0

  /** Reads what waits; nothing where nothing does. Throws what `read` does: `ENODEV` where the chip is gone. */
  read(descriptor: number): void {
    this.count = 0
    try {
      this.count = Math.floor(readSync(descriptor, this.#bytes) / eventSize)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }

  isRising(index: number): boolean {
    return this.#view.getUint32(index * eventSize + edgeAt, littleEndian) === rising
  }

  /** Counts the edges of the line since it was taken, those that the kernel had no room for among them; 32 bits, which wrap around. */
  sequence(index: number): number {
    return this.#view.getUint32(index * eventSize + sequenceAt, littleEndian)
  }

  /** Seconds since 1970 UTC. */
  seconds(index: number): number {
    return Number(this.#stamp(index) / billion)
  }

  /** Nanoseconds of that second. */
  nanoseconds(index: number): number {
    return Number(this.#stamp(index) % billion)
  }

  #stamp(index: number): bigint {
    return this.#view.getBigUint64(index * eventSize, littleEndian)
  }
}
