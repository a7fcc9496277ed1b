import {
  EntryWriter,
  type EventRecord,
  type Input,
  type InputContext,
  toEventTime,
  toMilliseconds,
} from 'sluice/plugin'

export interface Settings {
  readonly tag: string
  readonly dummy: EventRecord
  readonly rate: number
  readonly interval: number | undefined
  readonly copies: number
  readonly samples: number
  readonly start_time_sec: number | undefined
  readonly start_time_nsec: number | undefined
  readonly fixed_timestamp: boolean
  readonly flush_on_startup: boolean
}

/** Faster rates make several events each time. */
const shortestTickMs = 10

/** What could not be made for longer than this, for want of room or of processor, is left out and counted. */
const catchUpMs = 1000

/** Makes events in step with the monotonic clock: after any time, as many as the rate says, whatever the timers did. */
export function dummyInput(settings: Settings, context: InputContext): Input {
  return {
    async run(signal) {
      const maker = new Maker(settings, context)
      if (!settings.flush_on_startup) await context.clock.sleep(maker.tickMs, signal)
      while (!signal.aborted && !maker.done) {
        maker.make()
        await context.room()
        if (!maker.done) await context.clock.sleep(maker.untilNextMs(), signal)
      }
    },
  }
}

class Maker {
  readonly tickMs: number
  readonly #settings: Settings
  readonly #context: InputContext
  readonly #body: Uint8Array
  readonly #writer = new EntryWriter()
  readonly #startedAt: number
  readonly #wallAtStart: number
  readonly #firstTime: number
  readonly #periodMs: number
  #made = 0
  /** How many times were due, made or left out. */
  #turns = 0

  constructor(settings: Settings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#periodMs = settings.interval ?? 1000 / settings.rate
    this.tickMs = Math.max(this.#periodMs, shortestTickMs)
    const writer = new EntryWriter()
    writer.writeValue(settings.dummy)
    this.#body = writer.take()
    this.#startedAt = context.clock.monotonic()
    this.#wallAtStart = context.clock.wall()
    this.#firstTime = firstTime(settings) ?? this.#wallAtStart
  }

  get done(): boolean {
    return this.#settings.samples > 0 && this.#made >= this.#settings.samples
  }

  make(): void {
    const { copies, samples, tag } = this.#settings
    const due = this.#dueTurns() * copies
    const count = samples > 0 ? Math.min(due, samples - this.#made) : due
    const { seconds, nanoseconds } = toEventTime(this.#time())
    for (let each = 0; each < count; each++) {
      this.#writer.writeEntryHeader(seconds, nanoseconds)
      this.#writer.append(this.#body)
    }
    this.#context.emitEntries(tag, this.#writer.peek(), count)
    this.#writer.clear()
    this.#made += count
  }

  untilNextMs(): number {
    const elapsedMs = this.#context.clock.monotonic() - this.#startedAt
    return Math.max(this.#turns * this.#periodMs - elapsedMs, Math.min(this.tickMs, shortestTickMs))
  }

  #dueTurns(): number {
    const elapsedMs = this.#context.clock.monotonic() - this.#startedAt
    const turns =
      Math.floor(elapsedMs / this.#periodMs + 1e-9) + (this.#settings.flush_on_startup ? 1 : 0) - this.#turns
    const most = Math.max(1, Math.ceil(catchUpMs / this.#periodMs))
    this.#turns += turns
    if (turns <= most) return turns
    this.#context.count('late_events', (turns - most) * this.#settings.copies)
    return most
  }

  #time(): number {
    const sinceStart = this.#context.clock.wall() - this.#wallAtStart
    return this.#settings.fixed_timestamp ? this.#firstTime : this.#firstTime + sinceStart
  }
}

/** Milliseconds since 1970 of the first event, where the user says. */
function firstTime({ start_time_sec: seconds, start_time_nsec: nanoseconds = 0 }: Settings): number | undefined {
  return seconds === undefined ? undefined : toMilliseconds({ seconds, nanoseconds })
}
