import type { EventRecord } from '../event/event.js'
import type { EventTime } from '../event/event-time.js'

/** What was last known of one series: of a tag as a whole, or of one of the things that its events tell of. */
export interface LatestValue {
  readonly tag: string
  /** Tells the series of a tag apart, such as the name of a signal; empty where a tag has one only. */
  readonly series: string
  readonly record: EventRecord
  readonly time: EventTime
}

/**
 * The last values of the agent, in memory alone: outputs and stages write them, stages read them. One store for the whole agent,
 * bounded in number, bytes and age: what was longest not set goes first.
 */
export interface Latest {
  /** Undefined where there is none, or none that is young enough. */
  get(tag: string, series?: string): LatestValue | undefined
  /** All whose tag begins so, longest not set first; the empty text gives all. */
  list(prefix: string): readonly LatestValue[]
  /**
   * Keeps the record as it is: nobody changes it from then on. The time is now unless given. It is kept for `ttlMs`, no longer than
   * the store keeps anything. False where it is too large to be kept, which removes what was there.
   */
  // oxlint-disable-next-line max-params -- an object for each value would cost as much as keeping it
  set(tag: string, series: string, record: EventRecord, time?: EventTime, ttlMs?: number): boolean
}
