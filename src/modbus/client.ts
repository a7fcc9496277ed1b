import type { Clock } from '../base/clock.js'
import type { Framing } from './framing.js'
import { type Answer, type Query, queryOf, type ReadRequest, readAnswer } from './pdu.js'

/** A way to devices: `SerialLine` is one, `SocketLine` another. */
export interface LineOfBytes {
  /** The next bytes as they come; nothing where none came in time. Throws when the line is gone. */
  next(timeoutMs: number): Promise<Uint8Array | undefined>
  write(bytes: Uint8Array): Promise<void>
  /** Throws away what has come; answers how many bytes. */
  discard(): number
}

export interface ClientParts {
  readonly line: LineOfBytes
  readonly framing: Framing
  readonly clock: Clock
  /** Least time between what was last heard or sent and the next request. */
  readonly pauseMs: number
  /** Hears of what is stepped over, and of requests that are sent again. */
  readonly count: (name: 'foreign_bytes' | 'retries', amount: number) => void
}

/** How long to wait for an answer, and how often to ask again. */
export interface Patience {
  readonly timeoutMs: number
  readonly retries: number
}

/** Asks the devices of one line, one request at a time. Throws what the line throws when it is gone. */
export class ModbusClient {
  readonly #parts: ClientParts
  #transaction = 0
  /** Units that did not answer in time, and may do so yet. */
  readonly #late = new Set<number>()
  #quietSince = -Infinity

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  async read(request: ReadRequest, { timeoutMs, retries }: Patience): Promise<Answer> {
    for (let left = retries; ; left--) {
      const answer = await this.#ask(request, timeoutMs)
      const isHeard = answer.kind === 'data' || answer.kind === 'exception'
      if (isHeard) await this.#awaitLate(request.unit, timeoutMs)
      else if (!this.#parts.framing.numbered) this.#late.add(request.unit)
      if (isHeard || left <= 0) return answer
      this.#parts.count('retries', 1)
    }
  }

  async #ask(request: ReadRequest, timeoutMs: number): Promise<Answer> {
    const { line, framing, clock, pauseMs } = this.#parts
    this.#transaction = (this.#transaction + 1) & 0xffff
    const query = queryOf(request, this.#transaction)
    const waitMs = this.#quietSince + pauseMs - clock.monotonic()
    if (waitMs > 0) await clock.sleep(waitMs)
    this.#foreign(line.discard())
    await line.write(framing.encode(query))
    const answer = await this.#answer(query, timeoutMs)
    this.#quietSince = clock.monotonic()
    return answer
  }

  async #answer(query: Query, timeoutMs: number): Promise<Answer> {
    const { line, framing, clock } = this.#parts
    const until = clock.monotonic() + timeoutMs
    let bytes = Buffer.alloc(0)
    let isGarbled = false
    for (;;) {
      const leftMs = until - clock.monotonic()
      const more = leftMs > 0 ? await line.next(leftMs) : undefined
      if (!more) return { kind: isGarbled ? 'garbled' : 'silent' }
      isGarbled = true
      bytes = Buffer.concat([bytes, more])
      const { pdu, skip, foreign } = framing.find(bytes, query)
      this.#foreign(foreign)
      bytes = bytes.subarray(skip)
      if (pdu) return readAnswer(pdu)
    }
  }

  /**
   * Where frames have no number, what answered may have been the answer to an earlier request, and the one to this request be taken
   * for that to the next. So a unit that was late is listened to until nothing comes for as long as it may take.
   */
  async #awaitLate(unit: number, timeoutMs: number): Promise<void> {
    if (!this.#late.delete(unit)) return
    const { line, clock } = this.#parts
    const until = clock.monotonic() + timeoutMs
    for (let leftMs = timeoutMs; leftMs > 0; leftMs = until - clock.monotonic()) {
      this.#foreign((await line.next(leftMs))?.length ?? 0)
    }
  }

  #foreign(bytes: number): void {
    if (bytes > 0) this.#parts.count('foreign_bytes', bytes)
  }
}
