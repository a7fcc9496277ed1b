import { systemClock } from '../base/clock.js'
import { checkConfig } from '../config/check.js'
import { loadNamedFiles } from '../config/load-config.js'
import { inOrder, isError, type Problem, problemText } from '../config/node.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { PlainInstance, PlainServer, PlainUpstream } from '../config/plain-config.js'
import { Log } from '../observe/log.js'
import { AgentError } from '../plugin/errors.js'
import * as registry from '../registry/registry.js'
import { refusedBy } from './build.js'
import { programDocument } from './program-document.js'

/** What a configuration file says, as plain data. Where there is no input `lib`, one is added. */
export interface AgentConfig {
  readonly service?: { readonly [option: string]: unknown }
  readonly parsers?: readonly PlainInstance[]
  /** Groups of servers that outputs name. */
  readonly upstream_servers?: readonly PlainUpstream[]
  /** Servers of HTTP. */
  readonly http?: readonly PlainServer[]
  readonly pipeline: {
    readonly inputs?: readonly PlainInstance[]
    readonly filters?: readonly PlainInstance[]
    readonly outputs: readonly PlainInstance[]
  }
  /** Takes each line of the agent's own log; by default they go to standard error. */
  readonly log?: (line: string) => void
}

export interface CheckedConfig {
  readonly checked: CheckedPipeline
  /** Remarks on the configuration that are no mistakes. */
  readonly warnings: readonly string[]
}

/** Checks a program's configuration. Throws an AgentError `CONFIG_WRONG` that names every mistake. */
export async function checkedConfig(config: unknown): Promise<CheckedConfig> {
  const told: Problem[] = []
  const plain = programDocument(config, told)
  if (told.some(isError) && plain.inputs.length === 0) throw wrong(told)
  const { document, problems } = loadNamedFiles(plain, process.env)
  const found = await checkConfig(document, registry)
  told.push(...problems, ...found.problems)
  if (found.pipeline && !told.some(isError)) return { checked: found.pipeline, warnings: told.map(problemText) }
  throw wrong([...told, ...(await refusedBy(found.sound))])
}

function wrong(problems: readonly Problem[]): AgentError {
  return new AgentError('CONFIG_WRONG', inOrder(problems).map(problemText).join('\n'))
}

export function libraryLog({ service }: CheckedPipeline, write: AgentConfig['log'] = toStandardError): Log {
  return new Log({ level: service.log_level, write, paint: (_, text) => text }, systemClock)
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`)
}
