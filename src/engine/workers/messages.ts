import type { Level } from '../../observe/log.js'
import type { EventRecord } from '../../event/event.js'

/** What a worker needs to know to make its input: plain data, which can be sent. */
export interface WorkerSetup {
  /** Name of the instance. */
  readonly id: string
  /** Name of the input's plugin. */
  readonly plugin: string
  readonly options: object
  readonly parsers: readonly SentParser[]
}

/** A parser of the file's `parsers`, with the name of its codec. */
export interface SentParser {
  readonly name: string
  readonly codec: string
  readonly options: { readonly [option: string]: unknown }
}

/** Events of one `emit`, which the agent acknowledges by its number. */
export interface Run {
  readonly tag: string
  readonly bytes: number
  readonly count: number
}

/** Names and how often each is to be counted. */
export interface Counts {
  readonly [name: string]: number
}

/** What happened in a worker within one turn of its event loop. */
export interface Turn {
  /** The events of all runs, encoded, one behind the other. */
  readonly entries: Uint8Array
  /** Numbered on from `firstRun`. */
  readonly runs: readonly Run[]
  readonly firstRun: number
  /** Bytes that the worker holds of events to come, all in all. */
  readonly heldBytes: number
  readonly counts: Counts
  readonly drops: Counts
}

/** How the agent fares, as far as it concerns one worker. */
export interface Room {
  readonly hasRoom: boolean
  /** What the worker holds and the agent has counted. */
  readonly chargedBytes: number
  /** How much more it may hold until it hears again. */
  readonly freeBytes: number
}

/** What the agent tells a worker of its runs, and of the room. */
export interface News {
  readonly kept: readonly number[]
  readonly broken: readonly (readonly [run: number, reason: string])[]
  readonly room: Room
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'turn'; readonly turn: Turn }
  | { readonly kind: 'log'; readonly level: Level; readonly message: string; readonly fields?: EventRecord | undefined }
  /** What has this key is about to be taken: may it? Answered with `first` or `known`. */
  | { readonly kind: 'once'; readonly ask: number; readonly key: string; readonly windowMs: number }
  /** What was first was taken, or was not. */
  | { readonly kind: 'taken'; readonly ask: number; readonly error?: string | undefined }
  /** Its input ended: with an error, or for good. */
  | { readonly kind: 'ended'; readonly error?: string | undefined }

export type ToWorker =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup; readonly room: Room }
  | { readonly kind: 'news'; readonly news: News }
  | { readonly kind: 'first'; readonly ask: number }
  | { readonly kind: 'known'; readonly ask: number }
  | { readonly kind: 'stop' }
