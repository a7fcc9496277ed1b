import type { Clock } from '../../src/base/clock.js'
import { KnownKeys } from '../../src/base/known-keys.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { Event, EventRecord } from '../../src/event/event.js'
import { type EventTime, toEventTime } from '../../src/event/event-time.js'
import { LatestStore } from '../../src/engine/latest-store.js'
import type { StageContext } from '../../src/http/define-stage.js'
import type { Ack, InputContext } from '../../src/plugin/context.js'
import type { Latest } from '../../src/plugin/latest.js'
import { FakeClock } from './fake-clock.js'
import { memoryState, RecordingLogger } from './plugin-context.js'

/** The engine as an input or a stage sees it, remembering all that it is given. Set `hasRoom` to false to push back. */
export class RecordingInputContext implements StageContext {
  readonly id = 'test.0'
  readonly tag = 'test'
  readonly workers: number = 1
  readonly clock: Clock
  readonly parser: InputContext['parser']
  readonly latest: Latest
  readonly once: InputContext['once']
  /** Bytes that are reserved at this moment. */
  reserved = 0
  readonly events: Event[] = []
  readonly acks: (Ack | undefined)[] = []
  readonly dropped: Record<string, number> = {}
  readonly counted: Record<string, number> = {}
  readonly log = new RecordingLogger()
  readonly state = memoryState()
  #hasRoom = true
  #waiting: (() => void)[] = []
  #watching: (() => void)[] = []

  constructor(clock: Clock = new FakeClock(), parser: InputContext['parser'] = noParser) {
    this.clock = clock
    this.parser = parser
    const keys = new KnownKeys(clock)
    this.once = (...asked) => keys.once(...asked)
    this.latest = new LatestStore(clock)
  }

  emit(tag: string, record: EventRecord, time: EventTime = toEventTime(this.clock.wall()), ack?: Ack): boolean {
    return this.#take([{ tag, record, time }], ack)
  }

  emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean {
    const events = [...readEvents({ tag, entries: entries.slice(), count })]
    if (events.length !== count) throw new Error(`emitEntries was told ${count} events and given ${events.length}`)
    return this.#take(events, ack)
  }

  room(): Promise<void> {
    return this.#hasRoom ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  get hasRoom(): boolean {
    return this.#hasRoom
  }

  reserve(bytes: number): boolean {
    if (this.#hasRoom) this.reserved += bytes
    return this.#hasRoom
  }

  release(bytes: number): void {
    this.reserved -= bytes
  }

  drop(reason: string, count: number): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + count
    this.#changed()
  }

  count(name: string, amount = 1): void {
    this.counted[name] = (this.counted[name] ?? 0) + amount
    this.#changed()
  }

  get records(): EventRecord[] {
    return this.events.map((event) => event.record)
  }

  set hasRoom(hasRoom: boolean) {
    this.#hasRoom = hasRoom
    if (hasRoom) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves once `condition` holds; it is looked at after each event, drop and count. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  /** Resolves once `count` events were taken. */
  received(count: number): Promise<void> {
    return this.until(() => this.events.length >= count)
  }

  #take(events: Event[], ack: Ack | undefined): boolean {
    this.events.push(...events)
    this.acks.push(ack)
    this.#changed()
    return this.#hasRoom
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}

function noParser(name: string): never {
  throw new Error(`this test has no parser "${name}"`)
}
