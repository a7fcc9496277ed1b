import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { LetterFilters } from '../../engine/dead-letter-request.js'
import { messageOf } from '../../plugin/errors.js'
import { UsageError } from '../direct-form.js'
import { storageFolder, storageOptions } from './storage.js'

/** What a command on the dead letter was told. */
export interface DeadArguments {
  /** The storage path. */
  readonly storage: string
  /** The dead letter in it. */
  readonly folder: string
  readonly filters: LetterFilters
}

const options = {
  ...storageOptions,
  output: { type: 'string' },
  reason: { type: 'string' },
  tag: { type: 'string' },
  all: { type: 'boolean' },
} as const

/** Throws a UsageError; so it does for a `careful` command that names no letters, unless told to take them all. */
export async function deadArguments(args: readonly string[], careful: boolean): Promise<DeadArguments> {
  const { config, storage, all, ...filters } = parsed(args)
  if (careful && !all && Object.keys(filters).length === 0) {
    throw new UsageError('expected --output ID, --reason R or --tag PATTERN; --all for every letter')
  }
  const found = await storageFolder({ config, storage })
  return { storage: found, folder: join(found, 'dead'), filters }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}
