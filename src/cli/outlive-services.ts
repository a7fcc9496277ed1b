import { dirname, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { CheckedPipeline } from '../config/pipeline.js'
import type { Log } from '../observe/log.js'
import { messageOf } from '../plugin/errors.js'

/** What runs now. */
interface Running {
  readonly checked: CheckedPipeline
  readonly log: Pick<Log, 'write'>
}

/**
 * Has the agent outlive what a service throws where nobody waits for it, such as in a timer of its own or a promise that it does not
 * await. Whatever else nobody catches ends the process, as it did.
 */
export function outliveServices(running: Running): void {
  process.on('uncaughtException', (error: unknown) => {
    const { checked, log } = running
    const found = culpritOf(error, checked)
    if (!found) throw error
    log.write('error', found.id, `it threw where nobody waits for it: ${messageOf(error)}`, { at: found.at })
  })
}

/** The service whose code an error was thrown in, or below, and the place in it. */
function culpritOf(error: unknown, { servers }: CheckedPipeline): { id: string; at: string } | undefined {
  const frames = framesOf(error)
  for (const { id, plugin, options } of servers.flatMap(({ stages }) => stages)) {
    const at = plugin.name === 'service' ? frameBelow(String(options['module']), frames) : undefined
    if (at !== undefined) return { id, at }
  }
  return undefined
}

/** The first frame in the folder of a module, but for the packages that are installed there, this one perhaps among them. */
function frameBelow(module: string, frames: readonly string[]): string | undefined {
  const folder = pathToFileURL(dirname(module) + sep).href
  const frame = frames.find((each) => each.startsWith(folder) && !each.includes('/node_modules/'))
  return frame?.slice(folder.length)
}

/** Such as `file:///etc/sluice/panel.mjs:12:7`. */
function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return [...stack.matchAll(/file:\/\/[^\s)]+/g)].map(([frame]) => frame.replace(/\?[^:]*/, ''))
}
