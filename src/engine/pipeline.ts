import type { AdminSettings } from '../admin/admin-settings.js'
import type { Flusher } from '../flush/flusher.js'
import type { Appender } from '../log/appender.js'
import type { Ledger } from '../observe/ledger.js'
import type { InputContext, Logger, StateStore } from '../plugin/context.js'
import type { Input } from '../plugin/define.js'
import type { Latest } from '../plugin/latest.js'
import type { Lanes } from './lanes.js'
import type { Storage } from './storage.js'

/** One input, or a server of HTTP, ready to run. */
export interface BuiltInput {
  readonly id: string
  /** Name of its plugin; `http` for a server of HTTP. */
  readonly name: string
  readonly tag: string
  readonly input: Input
  readonly context: InputContext
  readonly state: StateStore
  readonly log: Logger
}

/** The graph of one configuration: made, not started. */
export interface Pipeline {
  readonly inputs: readonly BuiltInput[]
  readonly flushers: readonly Flusher[]
  readonly lanes: Lanes
  /** The writing ends of all inputs, and of filters that make events, by the ids that their chunks have. */
  readonly appenders: ReadonlyMap<string, Appender>
  /** Where nothing outlives the process, there is none. */
  readonly storage: Storage | undefined
  /** `service.storage.path`. */
  readonly storagePath: string | undefined
  /** Ids of outputs that take what waits though they are new. */
  readonly startOldest: ReadonlySet<string>
  readonly ledger: Ledger
  readonly latest: Latest
  /** What its HTTP server is told, if it has one. */
  readonly admin: AdminSettings | undefined
}
