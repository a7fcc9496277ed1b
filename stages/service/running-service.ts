import { DatabaseClients } from 'sluice/databases'
import {
  type HttpExchange,
  loadService,
  type Owned,
  placeIn,
  type Service,
  type ServiceDefinition,
  type StageContext,
} from 'sluice/http'
import { AgentError, messageOf } from 'sluice/plugin'

import { routesOf } from './routes.js'
import { checkOf } from './schemas.js'
import { serviceOf } from './service-of.js'
import type { ServiceOptions } from './service-options.js'
import { Sockets, socketsOf, type Upgrade } from './sockets.js'
import { runTimer, type Running, timersOf } from './timers.js'

/** A service that takes requests. */
export interface RunningService {
  handle(exchange: HttpExchange): Owned
  upgrade(asked: Upgrade): Promise<boolean>
  /** Its timers, until it is told to stop; then all that it has is closed. */
  run(signal: AbortSignal): Promise<void>
}

/** Loads a service and starts it. Throws an AgentError that says what is wrong with its module. */
export async function startService(options: ServiceOptions, context: StageContext): Promise<RunningService> {
  const { module } = options
  const definition = await loadService(module)
  const failed: Running['failed'] = (what, error) => {
    context.count('failed_calls')
    const at = placeIn(error, module)
    context.log.error(`${what} failed: ${messageOf(error)}`, at === '' ? {} : { at })
  }
  const stop = new AbortController()
  const clients = new DatabaseClients(module, context.log)
  const sockets = new Sockets({ definition: socketsOf(definition.sockets), options, context, failed })
  const service = serviceOf({
    context,
    options: await checkedOptions(definition, options.options),
    signal: stop.signal,
    clients,
    broadcast: (path, message) => sockets.broadcast(path, message),
  })
  const running = { service, failed }
  const handle = await routesOf(definition.routes, { path: options.path, ...running })
  const timers = timersOf(definition.timers)
  const end = async (): Promise<void> => {
    stop.abort()
    await clients.close()
  }
  await begin(definition, service, module).catch((error: unknown) => end().then(() => Promise.reject(error)))
  return {
    handle,
    upgrade: (asked) => sockets.upgrade(asked, service),
    async run(signal) {
      await Promise.all([aborted(signal), ...timers.map((timer) => runTimer(timer, running, signal))])
      await finish(definition, running)
      await end()
    },
  }
}

/** What the configuration gives a service, as its schema completes it. Throws an AgentError `SERVICE_OPTIONS` where that refuses it. */
export async function checkedOptions({ options: schema }: ServiceDefinition, given: unknown): Promise<unknown> {
  if (schema === undefined) return given
  const options = structuredClone(given ?? {})
  const wrong = (await checkOf(schema, 'options'))(options)
  if (wrong) throw new AgentError('SERVICE_OPTIONS', `options${wrong.pointer}: ${wrong.message}`)
  return options
}

async function begin(definition: ServiceDefinition, service: Service, module: string): Promise<void> {
  try {
    await definition.start?.(service)
  } catch (error) {
    const place = placeIn(error, module)
    throw new AgentError('SERVICE_START', `start of "${module}": ${messageOf(error)}${place && ` at ${place}`}`, {
      cause: error,
    })
  }
}

async function finish(definition: ServiceDefinition, { service, failed }: Running): Promise<void> {
  try {
    await definition.stop?.(service)
  } catch (error) {
    failed('stop', error)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
