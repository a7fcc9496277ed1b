import { type EventRecord, type InputContext, toEventTime } from 'sluice/plugin'
import { bootIdOf, type Device, type Source } from './device.js'
import { type KernelRecord, parseKmsg } from './parse.js'
import { Position } from './position.js'

export interface Settings {
  readonly prio_level: number
  readonly tag: string
}

/** After so many readings everybody else gets a turn, however fast the kernel talks. */
const mostReadings = 256

/** Turns what the device says into events. */
export class Intake {
  readonly #settings: Settings
  readonly #context: InputContext
  readonly #source: Source
  readonly #position: Position

  constructor(settings: Settings, context: InputContext, source: Source) {
    this.#settings = settings
    this.#context = context
    this.#source = source
    this.#position = new Position(context.state, bootIdOf(source.bootIdPath))
  }

  /** Takes what the device has now, or some of it; answers whether that was all. */
  async drain(device: Device): Promise<boolean> {
    for (let reading = 0; reading < mostReadings; reading++) {
      const text = device.read()
      if (text === '') return true
      this.#take(text)
      await this.#context.room()
    }
    return false
  }

  #take(text: string): void {
    const { records, broken } = parseKmsg(text)
    if (broken > 0) this.#context.drop('not_kmsg', broken)
    for (const record of records) this.#takeOne(record)
  }

  #takeOne(record: KernelRecord): void {
    const { last = record.sequence - 1 } = this.#position
    if (record.sequence <= last) return // it was read before the restart
    if (record.sequence > last + 1) this.#context.drop('overwritten', record.sequence - last - 1)
    if (record.priority > this.#settings.prio_level) return this.#position.skip(record.sequence)
    const ack = this.#position.take(record.sequence)
    this.#context.emit(this.#settings.tag, eventOf(record), toEventTime(this.#timeOf(record)), ack)
  }

  /** The boot time is worked out anew for each record: the clock of a gateway is often set only once it has a network. */
  #timeOf({ usec }: KernelRecord): number {
    return this.#context.clock.wall() - this.#source.sinceBootMs() + usec / 1000
  }
}

function eventOf({ priority, sequence, usec, text, properties }: KernelRecord): EventRecord {
  const sec = Math.floor(usec / 1e6)
  return { priority, sequence, sec, usec: usec - sec * 1e6, msg: text, ...properties }
}
