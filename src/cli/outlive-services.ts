import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'

import type { CheckedPipeline } from '../config/pipeline.js'
import type { Log } from '../observe/log.js'
import { messageOf } from '../plugin/errors.js'
import { exitCodes } from './exit-codes.js'
import type { Terminal } from './terminal.js'

const agentFolder = fileURLToPath(new URL('../../', import.meta.url))

interface Culprit {
  /** Of the service. */
  readonly id: string
  /** Such as `panel.mjs:12:7`, from the folder of its module. */
  readonly at: string
}

/** What runs now. */
interface Running {
  readonly checked: CheckedPipeline
  readonly log: Pick<Log, 'write'>
}

/**
 * Has the agent outlive what a service throws where nobody waits for it, such as in a timer of its own or a promise that it does not
 * await. Whatever else nobody catches ends the process.
 */
export function outliveServices(running: Running, terminal: Terminal): void {
  process.on('uncaughtException', (error: unknown) => {
    const { checked, log } = running
    const found = culpritOf(error, checked)
    if (found) log.write('error', found.id, `it threw where nobody waits for it: ${messageOf(error)}`, { at: found.at })
    else {
      terminal.err(inspect(error))
      process.exit(exitCodes.failed)
    }
  })
}

/**
 * The service whose code an error was thrown in, or below, and the place in it. Packages that a service uses are its code too; this one
 * is not, which may be installed among them.
 */
export function culpritOf(error: unknown, { servers }: CheckedPipeline, own = agentFolder): Culprit | undefined {
  const frames = framesOf(error).filter((frame) => !frame.startsWith(own))
  for (const { id, plugin, options } of servers.flatMap(({ stages }) => stages)) {
    const module = plugin.definition.runs?.(options)
    const at = module === undefined ? undefined : frameBelow(module, frames)
    if (at !== undefined) return { id, at }
  }
  return undefined
}

function frameBelow(module: string, frames: readonly string[]): string | undefined {
  const folder = dirname(module) + sep
  return frames.find((each) => each.startsWith(folder))?.slice(folder.length)
}

/** Such as `/etc/sluice/panel.mjs:12:7`, which the stack has as a URL unless it is CommonJS. */
function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = [...stack.matchAll(/(?:file:\/\/)?\/[^\s()]+:\d+:\d+/g)].map(([frame]) => frame.replace(/\?[^:]*/, ''))
  return frames.map((frame) => (frame.startsWith('file:') ? fileURLToPath(frame) : frame))
}
