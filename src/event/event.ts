import type { EventTime } from './event-time.js'

/** What a field of a record may hold. Integers beyond 2^53 are bigints, bytes that are no text are Uint8Arrays. */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | EventRecord

/** One record: a map of named values. */
export interface EventRecord {
  readonly [key: string]: Value
}

/** A record, its time, and the tag that routes it. */
export interface Event {
  readonly tag: string
  readonly time: EventTime
  readonly record: EventRecord
}

/**
 * Events as they are kept and shipped: msgpack arrays `[EventTime, record]` one behind the other, which is the body of a
 * PackedForward message (Fluentd Forward Protocol Specification v1, "PackedForward Mode").
 */
export interface EncodedEvents {
  readonly tag: string
  readonly entries: Uint8Array
  readonly count: number
}
