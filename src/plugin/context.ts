import type { Clock } from '../base/clock.js'
import type { EventTime } from '../event/event-time.js'
import type { EncodedEvents, EventRecord } from '../event/event.js'
import type { Latest } from './latest.js'

/** Tells how an event fared, exactly once: nothing when the promise of its `ack` level holds, the error when it was broken. */
export type Ack = (error?: Error) => void

/** Writes structured lines; the engine adds the name of the instance, redacts, and counts what repeats. */
export interface Logger {
  error(message: string, fields?: EventRecord): void
  warn(message: string, fields?: EventRecord): void
  info(message: string, fields?: EventRecord): void
  debug(message: string, fields?: EventRecord): void
}

/** What every plugin gets. */
export interface PluginContext {
  /** Name of this instance, such as `cpu.0`. */
  readonly id: string
  readonly log: Logger
  readonly clock: Clock
  /** Adds to a counter of this instance, shown beside its ledger; names are snake_case. */
  count(name: string, amount?: number): void
}

export interface InputContext extends PluginContext {
  /**
   * Takes one event; `time` is now unless given. Synchronous. True while there is room for more. When it answers false the
   * event was taken all the same, and a reader should await `room()` before it reads on.
   */
  emit(tag: string, record: EventRecord, time?: EventTime, ack?: Ack): boolean
  /** The same for `count` events that are encoded already; the bytes are copied before this returns. */
  emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean
  /** Resolves as soon as there is room for events, at once when there is; when the agent stops the wait ends by itself. */
  room(): Promise<void>
  /** Whether there is room now. */
  readonly hasRoom: boolean
  /**
   * Counts bytes that this input holds of events to come, such as the body of a request, to the memory of the agent. False, and
   * nothing counted, where there is no room for them. What was reserved is given back with `release`.
   */
  reserve(bytes: number): boolean
  release(bytes: number): void
  /** Counts events that this input had to give up, with a snake_case reason. */
  drop(reason: string, count: number): void
  /**
   * Takes by `take` what has this key, unless that was done within the window, or waits for whoever does so already. True where it was
   * taken before. A key whose `take` failed is forgotten, and whoever waited for it fails as it did.
   */
  once(key: string, windowMs: number, take: () => Promise<void>): Promise<boolean>
  /**
   * A parser for one stream, by the name that an option declared with `refers: 'parser'` holds, or that of a codec which the
   * definition asks for; `options` are the codec's own.
   */
  parser(name: string, options?: { readonly [name: string]: unknown }): Parser
  /** Durable small state of this instance, such as offsets; undefined keys were never written. */
  readonly state: StateStore
}

export interface FilterContext extends PluginContext {
  parser(name: string): Parser
  /** Puts an event back at the start of the pipeline under another tag. */
  emit(tag: string, record: EventRecord, time: EventTime): void
  /** As that of an input: counts what this filter holds of events to the memory of the agent. */
  reserve(bytes: number): boolean
  release(bytes: number): void
}

export interface OutputContext extends PluginContext {
  /** A formatter by the name that an option declared with `refers: 'format'` holds; `options` are the codec's own. */
  formatter(name: string, options?: { readonly [name: string]: unknown }): Formatter
  /** The last values that the agent knows of. */
  readonly latest: Latest
}

/** A record found in a frame, with its time where the format or the parser's options gave one. */
export interface Parsed {
  readonly record: EventRecord
  readonly time?: EventTime
}

export interface Parser {
  /** How a byte stream of this format is cut into frames. */
  readonly framing: Framing
  /** One whole frame to its records. Throws an AgentError when the frame is not of this format, or has a time that is none. */
  parse(frame: Uint8Array): Iterable<Parsed>
}

/**
 * `lines`: frames end with a newline. `json`, `msgpack`: values stand one behind the other. `whole`: all of it is one frame, as the
 * body of a request is. `bytes`: the format does not say; a datagram or message is a frame, and of a stream the user says what is.
 */
export type Framing = 'lines' | 'json' | 'msgpack' | 'whole' | 'bytes'

/**
 * Hears of an event that a format cannot hold, such as one without a number where there are metrics alone: its index in the
 * chunks, counted from 0, and why. It is called once for each, in any order.
 */
export type Refuse = (index: number, reason: string) => void

export interface Formatter {
  /** What HTTP calls the Content-Type of the result. */
  readonly contentType: string
  /** What else HTTP must say of the result; with a `content-encoding` it is compressed already. Names are in lower case. */
  readonly headers?: { readonly [name: string]: string }
  /**
   * All events of the chunks in one piece, which may be the very bytes of a chunk: then they are lent as it is. An event that the
   * format cannot hold is left out and told to `refuse`; without one it makes the whole a PermanentError, `refuseBatch`, so that the
   * engine finds the event. No bytes where every event was refused.
   */
  format(chunks: readonly EncodedEvents[], refuse?: Refuse): Uint8Array
  /** The same for what goes on behind an earlier piece, in a file: without the head that `format` begins with. */
  more?(chunks: readonly EncodedEvents[], refuse?: Refuse): Uint8Array
}

/** Names to small values, kept across restarts where the service has a storage path, else for the life of the agent. */
export interface StateStore {
  get(key: string): string | undefined
  /** Written to disk soon; `flush` waits for it. */
  set(key: string, value: string): void
  delete(key: string): void
  flush(): Promise<void>
}
