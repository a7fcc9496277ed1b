import { existsSync } from 'node:fs'
import { AgentError, askProgram, messageOf } from 'sluice/plugin'

import type { ServiceOptions } from './service-options.js'

const program = new URL('check-program.js', import.meta.url)

/** Has a process look at the module of a service. Throws an AgentError `SERVICE_MODULE` that says what is wrong with it. */
export async function checkModule(options: ServiceOptions): Promise<void> {
  const { module } = options
  if (!existsSync(module)) return // told where the option is
  const answer = await askProgram(program, options).catch((error: unknown) => {
    throw new AgentError('SERVICE_MODULE', `"${module}" cannot be loaded: ${messageOf(error)}`, { cause: error })
  })
  const { wrong } = answer as { readonly wrong?: string }
  if (wrong !== undefined) throw new AgentError('SERVICE_MODULE', wrong)
}
