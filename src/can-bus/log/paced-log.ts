import { type CanFrame, copyFrame, emptyFrame } from '../../can/frame.js'
import type { CanSource, TakeFrame } from '../can-bus.js'
import type { Clock } from '../../base/clock.js'
import { toMilliseconds } from '../../event/event-time.js'
import type { InputContext } from '../../plugin/context.js'
import { type LogOrigin, LogReader, type LogSettings } from './log-reader.js'
import { Pace } from './pace.js'
import { Stamp, type Times } from './stamp.js'

const newline = 0x0a
const noBytes = new Uint8Array(0)

/** Frames of logs at the times at which they were recorded, or so many times as fast. */
export class PacedLog implements CanSource {
  readonly #reader: LogReader
  readonly #clock: Clock
  readonly #pace: Pace
  readonly #stamp: Stamp
  readonly #isNow: boolean
  /** The frame that waits until it is due. */
  readonly #frame = emptyFrame()
  #bus = ''
  #waits = false
  #bytes: Uint8Array = noBytes
  #at = 0

  constructor(
    origins: readonly LogOrigin[],
    settings: LogSettings & { readonly times: Times; readonly factor: number },
    context: Pick<InputContext, 'clock' | 'drop' | 'log'>,
  ) {
    this.#clock = context.clock
    this.#pace = new Pace(context.clock, settings.factor)
    this.#stamp = new Stamp(context.clock)
    this.#isNow = settings.times === 'now'
    this.#reader = new LogReader(origins, settings, context, (frame, bus, timing) => {
      this.#stamp.complete(frame, timing)
      this.#keep(frame, bus)
    })
  }

  async next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    if (!(await this.#find(signal))) return false
    const wait = this.#wait()
    if (wait > 0) await this.#clock.sleep(wait, signal)
    if (signal.aborted) return false
    do this.#give(take)
    while (this.#advance() && this.#wait() <= 0)
    return true
  }

  close(): void {
    this.#reader.close()
  }

  /** Sees to it that a frame waits; false at the end. */
  async #find(signal: AbortSignal): Promise<boolean> {
    while (!this.#advance()) {
      const bytes = await this.#reader.read(signal)
      // What has no newline at the end of a log may be a frame.
      if (!bytes) return this.#waits
      this.#bytes = bytes
      this.#at = 0
    }
    return true
  }

  /** Goes on to the next frame of the bytes at hand, line by line; false where there is none. */
  #advance(): boolean {
    while (!this.#waits && this.#at < this.#bytes.length) {
      const end = this.#bytes.indexOf(newline, this.#at) + 1 || this.#bytes.length
      const line = this.#bytes.subarray(this.#at, end)
      this.#at = end
      this.#reader.push(line)
    }
    return this.#waits
  }

  /** Milliseconds until the frame is due. */
  #wait(): number {
    return this.#pace.wait(toMilliseconds(this.#frame))
  }

  #keep(frame: CanFrame, bus: string): void {
    copyFrame(frame, this.#frame)
    this.#bus = bus
    this.#waits = true
  }

  #give(take: TakeFrame): void {
    this.#waits = false
    if (this.#isNow) this.#stamp.now(this.#frame)
    take(this.#frame, this.#bus)
  }
}
