import type { CheckedServer, CheckedStage } from '../config/pipeline.js'
import type { StageContext } from '../http/define-stage.js'
import type { PlacedStage } from '../http/stage.js'
import type { InputContext, Logger, StateStore } from '../plugin/context.js'
import type { Input } from '../plugin/define.js'
import type { Latest } from '../plugin/latest.js'

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
export function placedStage(stage: CheckedStage, server: CheckedServer, source: ServerSource): PlacedStage {
  const { id, plugin, options } = stage
  const hosts = (options.hosts ?? []).map((host) => host.toLowerCase())
  const context = stageContext(id, server.options, source)
  return { id, hosts, path: options.path, stage: plugin.definition.create(options, context) }
}

/**
 * A server, or what one of its workers does, as an input that serves until it is told to stop. Loads src/http, which no other agent
 * does. Rejects with an AgentError where its addresses are none, or cannot be shared.
 */
export async function serverInput(
  { options }: CheckedServer,
  stages: readonly PlacedStage[],
  context: InputContext,
): Promise<Input> {
  const { readServerOptions } = await import('../http/http-options.js')
  const { shareServer } = await import('../http/share-server.js')
  const listening = (addresses: readonly string[]): void =>
    context.log.info('listening', { addresses: addresses.join(', ') })
  const settings = { ...shareServer(readServerOptions(options), options.workers), stages, listening }
  const run = async (signal: AbortSignal): Promise<void> => {
    const { serveHttp } = await import('../http/serve-http.js')
    await serveHttp(settings, context, signal)
  }
  const rehearse = async (): Promise<void> => {
    const { tryListen } = await import('../net/try-listen.js')
    await tryListen(settings.listen)
  }
  return { run, rehearse }
}

/** Each method by itself: in a worker the context of the server is of a class, and a copy of it would have none. */
function stageContext(
  id: string,
  { tag, workers }: CheckedServer['options'],
  { context, state, latest, loggerOf }: ServerSource,
): StageContext {
  return {
    id,
    tag,
    workers,
    latest,
    log: loggerOf(id),
    clock: context.clock,
    state: partOf(state, id),
    count: (name, amount) => context.count(name, amount),
    emit: (name, record, time, ack) => context.emit(name, record, time, ack),
    emitEntries: (name, entries, count, ack) => context.emitEntries(name, entries, count, ack),
    room: () => context.room(),
    get hasRoom() {
      return context.hasRoom
    },
    reserve: (bytes) => context.reserve(bytes),
    release: (bytes) => context.release(bytes),
    drop: (reason, count) => context.drop(reason, count),
    once: (key, windowMs, take) => context.once(key, windowMs, take),
    parser: (name, options) => context.parser(name, options),
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
