import { EntryWriter, type EventRecord, type Input, type InputContext } from 'sluice/plugin'
import { type Settings as TimeSettings, Times } from './times.js'
import { Turns } from './turns.js'

export interface Settings extends TimeSettings {
  readonly tag: string
  readonly dummy: EventRecord
  readonly rate: number
  readonly interval: number | undefined
  readonly copies: number
  readonly samples: number
  readonly flush_on_startup: boolean
}

/** Events are handed over in blocks of about this size. */
const blockBytes = 64 * 1024

/** What stands before the record of an event. */
const timeBytes = 11

/** Makes events in step with the monotonic clock: after any time, as many as the rate says, whatever the timers did. */
export function dummyInput(settings: Settings, context: InputContext): Input {
  const { interval, rate, flush_on_startup: atOnce, samples: most } = settings
  const periodMs = interval ?? 1000 / rate
  return {
    async run(signal) {
      const turns = new Turns({ periodMs, atOnce, most }, context.clock)
      const maker = new Maker(settings, context)
      while (!signal.aborted && !turns.done) {
        const { due, late } = turns.take()
        if (late > 0) context.count('late_events', late * settings.copies)
        await maker.make(due * settings.copies, signal)
        if (!turns.done) await context.clock.sleep(turns.untilNextMs(), signal)
      }
    },
  }
}

/** The record is encoded once: an event is its bytes behind a time. */
class Maker {
  readonly #tag: string
  readonly #context: InputContext
  readonly #times: Times
  readonly #record: Uint8Array
  readonly #writer = new EntryWriter()
  readonly #perBlock: number

  constructor(settings: Settings, context: InputContext) {
    this.#tag = settings.tag
    this.#context = context
    this.#times = new Times(settings, context.clock)
    this.#writer.writeValue(settings.dummy)
    this.#record = this.#writer.take()
    this.#perBlock = Math.max(1, Math.floor(blockBytes / (this.#record.length + timeBytes)))
  }

  async make(count: number, signal: AbortSignal): Promise<void> {
    for (let left = count; left > 0 && !signal.aborted; left -= this.#perBlock) {
      const room = this.#makeBlock(Math.min(left, this.#perBlock))
      if (!room) await this.#context.room()
    }
  }

  #makeBlock(count: number): boolean {
    const { seconds, nanoseconds } = this.#times.now()
    const writer = this.#writer
    for (let left = count; left > 0; left--) {
      writer.writeEntryHeader(seconds, nanoseconds)
      writer.append(this.#record)
    }
    const room = this.#context.emitEntries(this.#tag, writer.peek(), count)
    writer.clear()
    return room
  }
}
