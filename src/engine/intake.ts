import type { Clock } from '../base/clock.js'
import { readEvents } from '../event/entry-reader.js'
import type { EncodedEvents, Event, EventRecord } from '../event/event.js'
import { type EventTime, toEventTime } from '../event/event-time.js'
import type { Appender } from '../log/appender.js'
import type { Ack, Logger } from '../plugin/context.js'
import type { Filter } from '../plugin/define.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { guardAck, shareAck } from './acks.js'
import { applyFilters } from './filter-chain.js'

export interface IntakeParts {
  readonly appender: Appender
  readonly clock: Clock
  readonly log: Logger
  /** The filters whose patterns match a tag. */
  readonly filters: (tag: string) => readonly Filter[]
}

/** Where one input's events enter: counts them, runs the filters of their tag, and appends what comes out to the log. */
export class Intake {
  readonly #parts: IntakeParts

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  emit(tag: string, record: EventRecord, time: EventTime | undefined, ack: Ack | undefined): boolean {
    const { appender, clock, filters, log } = this.#parts
    const told = guardAck(ack, log)
    appender.ledger.accepted++
    if (filters(tag).length > 0) this.#filter({ tag, record, time: time ?? toEventTime(clock.wall()) }, told)
    else if (time) this.#append(tag, time.seconds, time.nanoseconds, record, told)
    else this.#appendNow(tag, record, told)
    return appender.hasRoom
  }

  emitEntries(tag: string, entries: Uint8Array, count: number, ack: Ack | undefined): boolean {
    const { appender, filters, log } = this.#parts
    const told = guardAck(ack, log)
    appender.ledger.accepted += count
    if (filters(tag).length === 0) appender.appendEntries(tag, entries, count, told)
    else this.#filterEntries({ tag, entries, count }, told)
    return appender.hasRoom
  }

  /** Counts events that the input had to give up before they could be taken. */
  drop(reason: string, count: number): void {
    const { ledger } = this.#parts.appender
    ledger.accepted += count
    ledger.dropped.add(reason, count)
  }

  #appendNow(tag: string, record: EventRecord, ack: Ack | undefined): void {
    const now = this.#parts.clock.wall()
    const seconds = Math.floor(now / 1000)
    this.#append(tag, seconds, Math.floor((now - seconds * 1000) * 1e6), record, ack)
  }

  // oxlint-disable-next-line max-params -- an object for each event would cost as much as encoding it
  #append(tag: string, seconds: number, nanoseconds: number, record: EventRecord, ack: Ack | undefined): void {
    try {
      this.#parts.appender.append(tag, seconds, nanoseconds, record, ack)
    } catch (error) {
      this.#giveUp('invalid_record', tag, error, ack)
    }
  }

  #filterEntries(encoded: EncodedEvents, ack: Ack | undefined): void {
    const share = shareAck(ack, encoded.count)
    let left = encoded.count
    try {
      for (const event of readEvents(encoded)) {
        left--
        this.#filter(event, share)
      }
    } catch (error) {
      for (; left > 0; left--) this.#giveUp('corrupt', encoded.tag, error, share)
    }
  }

  #filter(event: Event, ack: Ack | undefined): void {
    const { appender, filters } = this.#parts
    try {
      const events = applyFilters(filters, event)
      if (events.length === 0) appender.ledger.filtered++
      else appender.ledger.added += events.length - 1
      const share = shareAck(ack, events.length)
      for (const { tag, time, record } of events) this.#append(tag, time.seconds, time.nanoseconds, record, share)
    } catch (error) {
      this.#giveUp('filter_failed', event.tag, error, ack)
    }
  }

  #giveUp(reason: string, tag: string, error: unknown, ack: Ack | undefined): void {
    this.#parts.appender.ledger.dropped.add(reason, 1)
    this.#parts.log.error(`event dropped (${reason}): ${messageOf(error)}`, { tag })
    ack?.(new AgentError('ENGINE_EVENT_DROPPED', `${tag}: dropped, ${reason}`, { cause: error }))
  }
}
