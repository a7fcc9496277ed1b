import type { Clock } from '../base/clock.js'
import { KnownKeys } from '../base/known-keys.js'
import type { Appender } from '../log/appender.js'
import type { Counters } from '../observe/counters.js'
import type { Level, Log } from '../observe/log.js'
import type {
  FilterContext,
  InputContext,
  Logger,
  OutputContext,
  PluginContext,
  StateStore,
} from '../plugin/context.js'
import type { Latest } from '../plugin/latest.js'
import type { Formats } from './formats.js'
import type { Intake } from './intake.js'

export interface ContextParts {
  readonly id: string
  readonly clock: Clock
  readonly log: Logger
  readonly counters: Counters
  readonly formats: Formats
}

/** The log lines of one instance. */
export function loggerOf(log: Log, id: string): Logger {
  const at =
    (level: Level) =>
    (message: string, fields?: object): void =>
      log.write(level, id, message, fields)
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

export function pluginContext({ id, clock, log, counters }: Omit<ContextParts, 'formats'>): PluginContext {
  return { id, clock, log, count: (name, amount = 1) => counters.add(name, amount) }
}

export function inputContext(parts: ContextParts, intake: Intake, appender: Appender, state: StateStore): InputContext {
  const keys = new KnownKeys(parts.clock)
  return {
    ...pluginContext(parts),
    emit: (tag, record, time, ack) => intake.emit(tag, record, time, ack),
    emitEntries: (tag, entries, count, ack) => intake.emitEntries(tag, entries, count, ack),
    room: () => appender.room(),
    get hasRoom() {
      return appender.hasRoom
    },
    reserve: (bytes) => appender.reserve(bytes),
    release: (bytes) => appender.release(bytes),
    drop: (reason, count) => intake.drop(reason, count),
    once: (...asked) => keys.once(...asked),
    parser: (name, options) => parts.formats.parser(name, options),
    state,
  }
}

export function filterContext(parts: ContextParts, intake: Intake, appender: Appender): FilterContext {
  return {
    ...pluginContext(parts),
    parser: (name) => parts.formats.parser(name),
    emit: (tag, record, time) => void intake.emit(tag, record, time, undefined),
    reserve: (bytes) => appender.reserve(bytes),
    release: (bytes) => appender.release(bytes),
  }
}

export function outputContext(parts: ContextParts, latest: Latest): OutputContext {
  return { ...pluginContext(parts), formatter: (name, options) => parts.formats.formatter(name, options), latest }
}
