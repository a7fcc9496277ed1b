import type { CheckedServer, CheckedStage } from '../config/pipeline.js'
import type { StageContext } from '../http/define-stage.js'
import type { PlacedStage } from '../http/stage.js'
import type { InputContext, Logger, StateStore } from '../plugin/context.js'
import type { Latest } from '../plugin/latest.js'
import type { BuiltInput } from './pipeline.js'

/** What a server of HTTP is as a source of events: clients that bring some are told to come again when there is no room. */
export const serverDefinition = { full: 'wait' } as const

/** What a server has of an input. */
export interface ServerSource {
  readonly context: InputContext
  readonly state: StateStore
  readonly latest: Latest
  /** The log lines of one stage. */
  readonly loggerOf: (id: string) => Logger
}

/** Makes one stage, which has its own name in the log and its own part of the server's state. */
export function placedStage(
  stage: CheckedStage,
  { options: { tag } }: CheckedServer,
  source: ServerSource,
): PlacedStage {
  const { id, plugin, options } = stage
  const hosts = (options.hosts ?? []).map((host) => host.toLowerCase())
  return { id, hosts, path: options.path, stage: plugin.definition.create(options, stageContext(id, tag, source)) }
}

/** A server as an input that serves until it is told to stop. Loads src/http, which no other agent does. */
export async function builtServer(
  { id, options }: CheckedServer,
  stages: readonly PlacedStage[],
  { context, state }: ServerSource,
): Promise<BuiltInput> {
  const { log } = context
  const { readServerOptions } = await import('../http/http-options.js')
  const listening = (addresses: readonly string[]): void => log.info('listening', { addresses: addresses.join(', ') })
  const settings = { ...readServerOptions(options), stages, listening }
  const run = async (signal: AbortSignal): Promise<void> => {
    const { serveHttp } = await import('../http/serve-http.js')
    await serveHttp(settings, context, signal)
  }
  return { id, name: 'http', tag: options.tag, input: { run }, context, state, log }
}

function stageContext(id: string, tag: string, { context, state, latest, loggerOf }: ServerSource): StageContext {
  return {
    ...context,
    id,
    log: loggerOf(id),
    tag,
    latest,
    state: partOf(state, id),
    get hasRoom() {
      return context.hasRoom
    },
  }
}

/** The keys of one stage in the state of its server. */
function partOf(state: StateStore, id: string): StateStore {
  const keyOf = (key: string): string => `${id}/${key}`
  return {
    get: (key) => state.get(keyOf(key)),
    set: (key, value) => state.set(keyOf(key), value),
    delete: (key) => state.delete(keyOf(key)),
    flush: () => state.flush(),
  }
}
