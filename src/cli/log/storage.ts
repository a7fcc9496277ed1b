import { existsSync, statSync } from 'node:fs'
import { hostname } from 'node:os'

import { checkService } from '../../config/check-service.js'
import { loadConfig } from '../../config/load-config.js'
import { type Problem, problemText } from '../../config/node.js'
import { AgentError } from '../../plugin/errors.js'
import * as registry from '../../registry/registry.js'
import { UsageError } from '../direct-form.js'

/** How a command of `sluice log` is told where to look. */
export const storageOptions = {
  config: { type: 'string', short: 'c' },
  storage: { type: 'string', short: 'b' },
} as const

interface Given {
  readonly config?: string | undefined
  readonly storage?: string | undefined
}

/** The storage path: the folder of `-b`, or that of the file of `-c`. It exists. */
export async function storageFolder({ config, storage }: Given): Promise<string> {
  if (config === undefined && storage === undefined) {
    throw new UsageError('expected the configuration of the agent with -c FILE, or its storage.path with -b FOLDER')
  }
  const folder = storage ?? (await configured(config ?? ''))
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder
  throw new AgentError(
    'CLI_NO_STORAGE',
    `"${folder}": expected the folder of an agent (storage.path), got none; has it run?`,
  )
}

/** Mistakes elsewhere in the file do not matter here. */
async function configured(file: string): Promise<string> {
  const { document, problems: before } = loadConfig(file, { HOSTNAME: hostname(), ...process.env })
  const problems: Problem[] = [...before]
  const path = (await checkService(document, { lookup: registry, problems }))['storage.path']
  if (path !== undefined) return path
  const error = problems.find(({ severity }) => severity === 'error')
  const text = error
    ? problemText(error)
    : `"${file}": expected a storage.path in its service, got none; name it with -b`
  throw new AgentError('CLI_NO_STORAGE', text)
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
