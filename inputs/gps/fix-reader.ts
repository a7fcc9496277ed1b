import { type Fix, Receiver, recordOf } from 'sluice/gnss'
import { type Cancel, type Framer, framerOf, type InputContext, toEventTime } from 'sluice/plugin'

export interface ReaderSettings {
  readonly tag: string
  /** Whose time the events have, once the receiver knows it. */
  readonly event_time: 'system' | 'receiver'
}

/** gpsd's longest report (GPS_JSON_RESPONSE_MAX) has 10 KiB, a sentence 82 characters. */
const longestLine = 16_384

/** A receiver that was silent for so long has said all of this moment. */
const silenceMs = 250

/** One stream of a receiver to events. */
export class FixReader {
  readonly #settings: ReaderSettings
  readonly #context: InputContext
  readonly #receiver: Receiver
  readonly #framer: Framer
  #cancel: Cancel = () => undefined

  constructor(settings: ReaderSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#receiver = new Receiver(context)
    this.#framer = framerOf('lines', { maxFrame: longestLine, onOversize: () => context.count('long_lines') })
  }

  /** Reads what comes now. Throws what the stream throws. */
  async live(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const { clock } = this.#context
    try {
      for await (const bytes of stream) {
        this.#cancel()
        for (const fix of this.#fixesOf(this.#framer.push(bytes))) this.#emit(fix, true)
        await this.#context.room()
        this.#cancel = clock.after(silenceMs, () => this.#flush())
      }
    } finally {
      this.#cancel()
      this.#flush()
    }
  }

  /** Reads what was recorded to its end; `until` waits for the moment of a fix. */
  async recorded(stream: AsyncIterable<Uint8Array>, until: (fix: Fix) => Promise<void>): Promise<void> {
    const give = async (fix: Fix): Promise<void> => {
      await until(fix)
      if (!this.#emit(fix, false)) await this.#context.room()
    }
    for await (const bytes of stream) for (const fix of this.#fixesOf(this.#framer.push(bytes))) await give(fix)
    for (const fix of this.#fixesOf(this.#framer.end())) await give(fix)
    const last = this.#receiver.flush()
    if (last) await give(last)
  }

  *#fixesOf(lines: Iterable<Uint8Array>): Generator<Fix> {
    for (const line of lines) {
      const fix = this.#receiver.take(line)
      if (fix) yield fix
    }
  }

  #flush(): void {
    const fix = this.#receiver.flush()
    if (fix) this.#emit(fix, true)
  }

  #emit(fix: Fix, isLive: boolean): boolean {
    const { tag, event_time } = this.#settings
    const record = recordOf(fix, isLive)
    if (event_time === 'system' || fix.timeMs === undefined) return this.#context.emit(tag, record)
    return this.#context.emit(tag, record, toEventTime(fix.timeMs))
  }
}
