import type { LedgerFigures } from '../observe/ledger.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { checkCheckpoint } from './check-checkpoint.js'
import { hasItsSum, withSum } from './checkpoint-text.js'
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

/**
 * The checkpoint in this file; undefined where there is none, and `damaged` where it is not what was written. Throws for one of a newer
 * version, and where the disk does not give it.
 */
export async function readCheckpoint(files: LogFiles, path: string): Promise<Checkpoint | 'damaged' | undefined> {
  const text = await readText(files, path).catch((error: unknown) => {
    const message = `"${path}": expected how far everybody had got, got ${messageOf(error)}; make it readable, or remove it to deliver again what is on disk`
    throw new AgentError('LOG_CHECKPOINT_UNREADABLE', message, { cause: error })
  })
  if (text === undefined) return undefined
  if (!hasItsSum(text)) return 'damaged'
  const { version } = JSON.parse(text) as Pick<Checkpoint, 'version'>
  if (version > 1) {
    const message = `${path}: expected version 1, got ${version}, of a newer Sluice; start that one, or remove the file to deliver again what is on disk`
    throw new AgentError('LOG_NEWER_CHECKPOINT', message)
  }
  return checkCheckpoint(text).length === 0 ? (JSON.parse(text) as Checkpoint) : 'damaged'
}

/** Answers how many bytes it has. */
export async function writeCheckpoint(files: LogFiles, path: string, checkpoint: Checkpoint): Promise<number> {
  const bytes = Buffer.from(withSum(JSON.stringify(checkpoint)))
  await replaceFile(files, path, bytes)
  return bytes.length
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
