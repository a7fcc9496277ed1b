import type { Batch, Clock, Output } from 'sluice/plugin'
import type { Writable } from 'node:stream'

/** Prints `time,events (total = events)`: the events since the line before, and all of them. */
export class CounterOutput implements Output {
  readonly #intervalMs: number
  readonly #clock: Clock
  readonly #stream: Writable
  #printedAt = -Infinity
  #printed = 0
  #total = 0

  constructor(intervalMs: number, clock: Clock, stream: Writable) {
    this.#intervalMs = intervalMs
    this.#clock = clock
    this.#stream = stream
    // Without a listener an error would end the process. The stream is not ours: one listener serves all that use it.
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
  }

  async flush(batch: Batch): Promise<void> {
    this.#total += batch.count
    const isDue = this.#clock.monotonic() - this.#printedAt >= this.#intervalMs
    // A reader that has stopped reading gets one line for all that came meanwhile, not a queue of them.
    if (isDue && !this.#stream.writableNeedDrain) void this.#print()
  }

  async close(): Promise<void> {
    if (this.#total > this.#printed && !this.#stream.writableNeedDrain) await this.#print()
  }

  #print(): Promise<void> {
    const count = this.#total - this.#printed
    this.#printed = this.#total
    this.#printedAt = this.#clock.monotonic()
    const line = `${(this.#clock.wall() / 1000).toFixed(3)},${count} (total = ${this.#total})\n`
    return new Promise((resolve) => this.#stream.write(line, () => resolve()))
  }
}

function ignore(): void {}
