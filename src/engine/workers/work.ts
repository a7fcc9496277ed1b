import { systemClock } from '../../base/clock.js'
import type {
  CheckedInput,
  CheckedParser,
  CheckedPipeline,
  CheckedServer,
  CheckedStage,
} from '../../config/pipeline.js'
import { Counters } from '../../observe/counters.js'
import type { Logger } from '../../plugin/context.js'
import type { Input } from '../../plugin/define.js'
import { load } from '../../registry/registry.js'
import { pluginContext } from '../contexts.js'
import { type Formats, loadFormats } from '../formats.js'
import { placedStage, serverInput } from '../servers.js'
import type { InputSetup, SentParser, ServerSetup, WorkerSetup } from './messages.js'
import { noLatest } from './one-for-all.js'
import type { WorkerContext } from './worker-context.js'
import { portLogger } from './worker-log.js'
import type { WorkerPort } from './worker-port.js'

/** What one worker is to run, once its context was made with these formats. */
export interface Work {
  readonly formats: Formats
  readonly make: (context: WorkerContext) => Input | Promise<Input>
}

/** Loads the plugins that a worker needs. */
export function workOf(setup: WorkerSetup, port: WorkerPort): Promise<Work> {
  return setup.kind === 'input' ? inputWork(setup) : serverWork(setup, port)
}

async function inputWork({ id, plugin: name, options: sent, parsers }: InputSetup): Promise<Work> {
  const plugin = await load('input', name)
  const options = sent as CheckedInput['options']
  const formats = await formatsOf({ inputs: [{ id, plugin, options }] }, parsers)
  return { formats, make: (context) => plugin.definition.create(options, context) }
}

async function serverWork({ id, options, stages: sent, parsers }: ServerSetup, port: WorkerPort): Promise<Work> {
  const stages: CheckedStage[] = []
  for (const stage of sent) {
    const plugin = await load('stage', stage.plugin)
    stages.push({ id: stage.id, plugin, options: stage.options as CheckedStage['options'] })
  }
  const server = { id, options, stages }
  const formats = await formatsOf({ servers: [server] }, parsers)
  return { formats, make: (context) => serverOf(server, context, port) }
}

function serverOf(server: CheckedServer, context: WorkerContext, port: WorkerPort): Promise<Input> {
  const loggerOf = (id: string): Logger => portLogger(port, id)
  const source = { context, state: context.state, latest: noLatest(server.id), loggerOf }
  const stages = server.stages.map((stage) => placedStage(stage, server, source))
  return serverInput(server, stages, context)
}

async function formatsOf(
  instances: Partial<Pick<CheckedPipeline, 'servers' | 'inputs'>>,
  sent: readonly SentParser[],
): Promise<Formats> {
  const parsers: CheckedParser[] = []
  for (const parser of sent) parsers.push({ ...parser, codec: await load('codec', parser.codec) })
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet }
  const codecContext = pluginContext({ id: 'codec', clock: systemClock, log, counters: new Counters() })
  const formatting = { servers: [], inputs: [], filters: [], outputs: [], parsers, ...instances }
  return loadFormats(formatting, systemClock, codecContext)
}

/** What codecs have to say was said when the agent made its own. */
function quiet(): void {}
