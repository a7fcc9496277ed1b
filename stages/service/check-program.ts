import { loadService, type Service } from 'sluice/http'
import { AgentError, isDenied, messageOf } from 'sluice/plugin'

import { routesOf } from './routes.js'
import { checkedOptions } from './running-service.js'
import type { ServiceOptions } from './service-options.js'
import { socketsOf } from './sockets.js'
import { timersOf } from './timers.js'

// The process in which a module is loaded and looked at, and not started.
process.once('message', (options: ServiceOptions) => {
  process.once('beforeExit', () => tell(`"${options.module}" cannot be loaded: it awaits what never comes`))
  void look(options)
    .then(() => undefined, reasonOf)
    .then(tell)
})

function tell(wrong: string | undefined): void {
  process.send?.({ wrong }, () => process.exit())
}

async function look({ module, path, options }: ServiceOptions): Promise<void> {
  const definition = await loadService(module)
  await checkedOptions(definition, options)
  // No handler is called.
  await routesOf(definition.routes, { path, service: {} as Service, failed: () => undefined })
  socketsOf(definition.sockets)
  timersOf(definition.timers)
}

/** What is thrown here ends the process, which prints it. */
function reasonOf(error: unknown): string | undefined {
  const cause = error instanceof AgentError ? error.cause : error
  if (cause instanceof SyntaxError) throw cause
  return isDenied(cause) ? undefined : messageOf(error)
}
