import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'

import { AgentError, messageOf } from '../plugin/errors.js'
import type { ServiceDefinition } from './service.js'

const parts = ['options', 'routes', 'sockets', 'timers', 'start', 'stop']

/**
 * What a module exports as its service. A file that has changed since is loaded anew, so that a server which fails goes on once its
 * module was put right. Throws an AgentError: `SERVICE_MODULE` where it cannot be loaded, `SERVICE_INVALID` where it is no service.
 */
export async function loadService(path: string): Promise<ServiceDefinition> {
  const found = await importFile(path)
  if (!isMap(found))
    throw new AgentError(
      'SERVICE_INVALID',
      `"${path}": expected a default export such as { routes: { … } }, got ${typeof found}`,
    )
  const unknown = Object.keys(found).find((name) => !parts.includes(name))
  if (unknown !== undefined)
    throw new AgentError('SERVICE_INVALID', `"${path}": unknown part "${unknown}"; there are ${parts.join(', ')}`)
  return found
}

async function importFile(path: string): Promise<unknown> {
  try {
    const { mtimeMs } = await stat(path)
    const { default: found } = (await import(`${pathToFileURL(path).href}?changed=${mtimeMs}`)) as { default?: unknown }
    return found
  } catch (error) {
    throw new AgentError('SERVICE_MODULE', `"${path}" cannot be loaded: ${messageOf(error)}${hintOf(error, path)}`, {
      cause: error,
    })
  }
}

/** What to do; Node tells where a mistake of syntax is to a terminal alone. */
function hintOf(error: unknown, path: string): string {
  const [, name] = /^Cannot find package '([^']+)' imported from /.exec(messageOf(error)) ?? []
  // Under its name a registry may have something else.
  if (name === 'sluice') return '; leave out defineService, or have this package beside the module'
  if (name !== undefined) return `; npm install ${name} in ${dirname(path)}`
  const place = placeIn(error, path)
  if (place !== '') return ` at ${place}`
  return error instanceof SyntaxError ? `; node --check ${path} shows where` : ''
}

/** Where in its module an error was made, such as `panel.mjs:12:7`; empty where it was made elsewhere. */
export function placeIn(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const start = stack.indexOf(pathToFileURL(path).href)
  const [, line] = start < 0 ? [] : (/^[^\s)]*?((?::\d+)+)/.exec(stack.slice(start)) ?? [])
  return line === undefined ? '' : basename(path) + line
}

function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
