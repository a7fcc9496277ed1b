import type { LedgerFigures } from '../observe/ledger.js'
import { AgentError } from '../plugin/errors.js'
import { checkCheckpoint } from './check-checkpoint.js'
import type { LogFiles } from './disk/files.js'
import { replaceFile } from './disk/replace-file.js'
import type { LaneState } from './tally.js'

/** How far everybody had got at one moment: what a restart goes on from. */
export interface Checkpoint {
  readonly version: 1
  /** Whether the agent ended in good order: then there is nothing that only memory had. */
  readonly clean: boolean
  readonly lanes: { readonly [name: string]: LaneState }
  /** Without events that were in open chunks. */
  readonly ledger: LedgerFigures
}

/** The checkpoint in this file; undefined where there is none that can be read and makes sense. Throws for one of a newer version. */
export async function readCheckpoint(files: LogFiles, path: string): Promise<Checkpoint | undefined> {
  const text = await readText(files, path)
  if (text === undefined) return undefined
  const found = parsed(text)
  if (found && found.version > 1)
    throw new AgentError(
      'LOG_NEWER_CHECKPOINT',
      `${path}: expected version 1, got ${found.version}; it is of a newer Sluice`,
    )
  return checkCheckpoint(text).length === 0 ? found : undefined
}

export function writeCheckpoint(files: LogFiles, path: string, checkpoint: Checkpoint): Promise<number> {
  const bytes = Buffer.from(JSON.stringify(checkpoint))
  return replaceFile(files, path, bytes).then(() => bytes.length)
}

async function readText(files: LogFiles, path: string): Promise<string | undefined> {
  const file = await files.open(path, 'read').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (!file) return undefined
  try {
    const bytes = Buffer.alloc(await file.size())
    await file.read(bytes, 0)
    return bytes.toString()
  } finally {
    await file.close()
  }
}

function parsed(text: string): Checkpoint | undefined {
  try {
    return JSON.parse(text) as Checkpoint
  } catch {
    return undefined
  }
}
