import type { Reloads } from '../admin/reloads.js'
import { type Clock, systemClock } from '../base/clock.js'
import { type Problem, problemAt } from '../config/node.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { LogFiles } from '../log/disk/files.js'
import { Counters } from '../observe/counters.js'
import { Log } from '../observe/log.js'
import { AgentError } from '../plugin/errors.js'
import { type BuildFailure, Builder } from './builder.js'
import { loggerOf, pluginContext } from './contexts.js'
import { loadFormats } from './formats.js'
import type { Kept } from './kept.js'

export interface AgentParts {
  readonly log: Log
  readonly clock?: Clock
  /** Where the log's files are; the machine's own unless given. */
  readonly files?: LogFiles
  /** From the pipelines before this one in the same process. */
  readonly kept?: Kept
  /** Who reads the configuration again, if anybody can. */
  readonly reloads?: Reloads
  /** Called each time an input, or a server, fails. */
  readonly failed?: (id: string, error: unknown) => void
}

/** Instances that refused their options, each with its reason. */
export class BuildError extends AgentError {
  readonly failures: readonly BuildFailure[]

  constructor(failures: readonly BuildFailure[]) {
    super('ENGINE_BUILD', failures.map(({ id, message }) => `${id}: ${message}`).join('\n'))
    this.failures = failures
  }

  get problems(): readonly Problem[] {
    return this.failures.map(problemOf)
  }
}

/** A builder that has all formats at hand which the configuration names. */
export async function builderOf(
  checked: CheckedPipeline,
  { log, clock = systemClock, files, kept }: AgentParts,
): Promise<Builder> {
  const context = pluginContext({ id: 'codec', clock, log: loggerOf(log, 'codec'), counters: new Counters() })
  const formats = await loadFormats(checked, clock, context)
  return new Builder(checked, { clock, log, formats, ...(files ? { files } : {}), ...(kept ? { kept } : {}) })
}

/** What the plugins of the sound part of a configuration refuse by themselves. */
export async function refusedBy(sound: CheckedPipeline): Promise<readonly Problem[]> {
  const log = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, systemClock)
  const builder = await builderOf(sound, { log })
  await builder.build()
  return builder.failures.map(problemOf)
}

function problemOf({ id, position, message }: BuildFailure): Problem {
  return problemAt(position ?? { file: id }, `${id}: ${message}`)
}
