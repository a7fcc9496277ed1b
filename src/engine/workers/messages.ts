import type { ServerValues } from '../../config/server-options.js'
import type { Level } from '../../observe/log.js'
import type { EventRecord } from '../../event/event.js'

/** What a worker needs to know to make its input, or its server: plain data, which can be sent. */
export type WorkerSetup = InputSetup | ServerSetup

export interface InputSetup extends SentInstance {
  readonly kind: 'input'
  readonly parsers: readonly SentParser[]
}

export interface ServerSetup {
  readonly kind: 'server'
  /** Name of the server. */
  readonly id: string
  readonly options: ServerValues
  /** In the order in which they are asked. */
  readonly stages: readonly SentInstance[]
  readonly parsers: readonly SentParser[]
}

/** An input, or a stage. */
export interface SentInstance {
  /** Name of the instance. */
  readonly id: string
  /** Name of its plugin. */
  readonly plugin: string
  readonly options: object
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

/** For the log of the agent. */
export interface Line {
  /** The instance that has to say it: that of the worker, or a stage of its server. */
  readonly id: string
  readonly level: Level
  readonly message: string
  readonly fields?: EventRecord | undefined
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'turn'; readonly turn: Turn }
  | { readonly kind: 'log'; readonly line: Line }
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
