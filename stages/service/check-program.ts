import type { Service, ServiceDefinition } from 'sluice/http'
import { AgentError, messageOf } from 'sluice/plugin'

import { loadModule } from './load-module.js'
import { routesOf } from './routes.js'
import { checkedOptions } from './running-service.js'
import type { ServiceOptions } from './service-options.js'
import { timersOf } from './timers.js'

// The process in which `check-module.ts` loads a service without starting it.
process.once('message', (options: ServiceOptions) => {
  // What is thrown here ends the process, which prints it.
  void wrongWith(options).then((message) => process.send?.({ message }, () => process.exit()))
})

/** What is wrong with a module, if anything; a mistake of syntax is thrown, since Node tells the place of one only as it ends. */
async function wrongWith({ module, path, options: given }: ServiceOptions): Promise<string | undefined> {
  try {
    await checkParts(await loadModule(module), path, given)
    return undefined
  } catch (error) {
    const cause = error instanceof AgentError ? error.cause : error
    if (cause instanceof SyntaxError) throw cause
    return isDenied(cause) ? undefined : messageOf(error)
  }
}

async function checkParts(definition: ServiceDefinition, path: string, given: unknown): Promise<void> {
  await checkedOptions(definition, given)
  // No handler is called.
  await routesOf(definition.routes, { path, service: {} as Service, failed: () => undefined })
  timersOf(definition.timers)
}

/** It was about to do what a check may not: more of it is not known before it runs. */
function isDenied(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ERR_ACCESS_DENIED' || code === 'ERR_DLOPEN_DISABLED'
}
