import type { Clock } from '../../src/base/clock.js'
import type { LineOfBytes } from '../../src/modbus/client.js'

/** What comes, and how long after the request; several of them for one that comes in pieces. */
export type Coming = readonly (readonly [afterMs: number, bytes: Uint8Array])[]

/** A line in memory: a script says what comes upon each request. */
export class ScriptedLine implements LineOfBytes {
  /** All requests, and when they came. */
  readonly requests: { readonly at: number; readonly bytes: Buffer }[] = []
  readonly #clock: Clock
  readonly #answer: (request: Buffer, index: number) => Coming
  #waiting = Buffer.alloc(0)
  #wake: (() => void) | undefined
  #closed = false

  constructor(clock: Clock, answer: (request: Buffer, index: number) => Coming) {
    this.#clock = clock
    this.#answer = answer
  }

  async next(timeoutMs: number): Promise<Uint8Array | undefined> {
    if (this.#waiting.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(timeoutMs, resolve)
        this.#wake = () => {
          cancel()
          resolve()
        }
      })
    }
    if (this.#closed) throw new Error('the line was closed')
    const bytes = this.#waiting
    this.#waiting = Buffer.alloc(0)
    return bytes.length > 0 ? bytes : undefined
  }

  async write(bytes: Uint8Array): Promise<void> {
    const request = Buffer.from(bytes)
    const index = this.requests.push({ at: this.#clock.monotonic(), bytes: request }) - 1
    for (const [afterMs, coming] of this.#answer(request, index)) {
      this.#clock.after(afterMs, () => {
        this.#waiting = Buffer.concat([this.#waiting, coming])
        this.#wake?.()
      })
    }
  }

  discard(): number {
    const { length } = this.#waiting
    this.#waiting = Buffer.alloc(0)
    return length
  }

  /** Whoever waits for bytes fails. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }
}
