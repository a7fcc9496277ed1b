import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname } from 'node:path'

import { didYouMean } from '../../base/nearest.js'
import { checkService } from '../../config/check-service.js'
import { loadConfig } from '../../config/load-config.js'
import { type Problem, problemText } from '../../config/node.js'
import { unlessGone } from '../../log/disk/sight.js'
import * as registry from '../../registry/registry.js'
import { UsageError } from '../direct-form.js'
import type { Terminal } from '../terminal.js'

/** How a command of `sluice log` is told where to look. */
export const storageOptions = {
  config: { type: 'string', short: 'c' },
  storage: { type: 'string', short: 'b' },
} as const

interface Given {
  readonly config?: string | undefined
  readonly storage?: string | undefined
}

/**
 * The storage path: the folder of `-b`, or that of the file of `-c`. It is that of an agent. Undefined where the configuration
 * is wrong, which was printed. Throws a UsageError.
 */
export async function storageFolder(
  command: string,
  { config, storage }: Given,
  terminal: Terminal,
): Promise<string | undefined> {
  if (config === undefined && storage === undefined) {
    throw new UsageError(`${command}: expected -c FILE or -b FOLDER, the storage.path of the agent, got neither`)
  }
  const folder = storage ?? (await configured(command, config ?? '', terminal))
  if (folder === undefined) return undefined
  const names = await unlessGone(readdir(folder))
  if (names?.some((name) => agentsOwn.includes(name))) return folder
  throw new UsageError(`${command}: ${await noAgentText(folder)}`)
}

/** What an agent makes in its storage path. */
const agentsOwn = ['dead', 'log', 'lock']

/** Why a folder is not the storage path of an agent that has run, and which may be meant. */
export async function noAgentText(folder: string): Promise<string> {
  const names = await unlessGone(readdir(folder))
  if (names) return `${folder}: expected the storage.path of an agent, got another folder${hint(folder, names)}`
  const siblings = (await unlessGone(readdir(dirname(folder)))) ?? []
  const near = didYouMean(basename(folder), siblings)
  return `${folder}: expected the storage.path of an agent, got no folder${near || '; has it run?'}`
}

/** A folder in it was given, or no agent was here yet. */
function hint(folder: string, names: readonly string[]): string {
  const isInside = ['log', 'dead'].includes(basename(folder)) || names.includes('checkpoint.json')
  return isInside ? `; did you mean "${dirname(folder)}"?` : '; has one run?'
}

/** Mistakes elsewhere in the file do not matter here. */
async function configured(command: string, file: string, terminal: Terminal): Promise<string | undefined> {
  const { document, problems: before } = loadConfig(file, { HOSTNAME: hostname(), ...process.env })
  const problems: Problem[] = [...before]
  const path = (await checkService(document, { lookup: registry, problems }))['storage.path']
  if (path !== undefined) return path
  const error = problems.find(({ severity }) => severity === 'error')
  if (!error) throw new UsageError(`${command}: ${noPathText(file)}`)
  terminal.err(problemText(error))
  return undefined
}

export function noPathText(file: string): string {
  return `${file}: expected a service.storage.path, got none; what this pipeline holds is in memory alone`
}

/**
 * From here on everything is done as the user whose folder it is, which root can: the agent must be able to remove what a
 * command leaves there.
 */
export function actAsOwner(folder: string): void {
  if (process.geteuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  process.setegid?.(gid)
  process.seteuid?.(uid)
}
