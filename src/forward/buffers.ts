import type { InputContext } from '../plugin/context.js'
import { Refusal } from './refusal.js'

type Memory = Pick<InputContext, 'reserve' | 'release'>

/** Bytes that are needed now, and those that will be at least. */
interface Need {
  readonly size: number
  readonly least: number
}

/** Every connection may have a message begun: a thousand of them must leave room for the others. */
const smallestBytes = 4 * 1024
/** Smaller ones are made as fast as they are found. */
const smallestKeptBytes = 64 * 1024
const largestKeptBytes = 1024 * 1024
const mostKept = 4

/**
 * Where messages are put together that do not lie whole in one read. A buffer is counted to the memory of the agent while a
 * connection has it; a few wait for the next message, so that a busy connection needs no new one for each.
 */
export class Buffers {
  readonly #memory: Memory
  readonly #kept: Buffer[] = []

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /**
   * A larger buffer with the first `used` bytes of this one, which goes back. It grows with what has come:
   * what a sender only says it will send takes no memory. Throws a Refusal where there is none.
   */
  grow(held: Buffer | undefined, used: number, { size, least }: Need): Buffer {
    const wanted = Math.max(size, Math.min(least, 2 * size), smallestBytes)
    const grown = this.#take(2 ** Math.ceil(Math.log2(wanted)))
    if (held) {
      held.copy(grown, 0, 0, used)
      this.give(held)
    }
    return grown
  }

  give(buffer: Buffer): void {
    this.#memory.release(buffer.length)
    const isKept = buffer.length >= smallestKeptBytes && buffer.length <= largestKeptBytes
    if (isKept && this.#kept.length < mostKept) this.#kept.push(buffer)
  }

  #take(bytes: number): Buffer {
    if (!this.#memory.reserve(bytes)) {
      throw new Refusal('no_memory', `message: there is no room for ${bytes} bytes (memory_limit)`)
    }
    const index = this.#kept.findIndex(({ length }) => length === bytes)
    return this.#kept.splice(index, index < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(bytes)
  }
}
