import { join } from 'node:path'

import { systemClock } from '../../base/clock.js'
import type { LetterFilters } from '../../engine/dead-letter-request.js'
import { toIsoText } from '../../event/event-time.js'
import { UsageError } from '../direct-form.js'
import type { Terminal } from '../terminal.js'
import { parseOptions } from './arguments.js'
import { storageFolder, storageOptions } from './storage.js'
import { parseTime } from './time-argument.js'

/** What a command on the dead letter was told. */
export interface DeadArguments {
  /** The storage path. */
  readonly storage: string
  /** The dead letter in it. */
  readonly folder: string
  readonly filters: LetterFilters
  /** Whether programs read the answer. */
  readonly json: boolean
}

const options = {
  ...storageOptions,
  output: { type: 'string' },
  reason: { type: 'string' },
  tag: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  all: { type: 'boolean' },
} as const

const listOptions = { ...options, json: { type: 'boolean' } } as const

/**
 * Undefined where the configuration is wrong, which was printed. Throws a UsageError; so it does for `drop`, unless it is told
 * which letters, or that it is all of them.
 */
export async function deadArguments(
  command: string,
  args: readonly string[],
  terminal: Terminal,
): Promise<DeadArguments | undefined> {
  const name = `log dead ${command}`
  const given = parseOptions(name, args, command === 'ls' ? listOptions : options)
  const filters = filtersOf(given, systemClock.wall())
  if (command === 'drop' && !given.all && Object.keys(filters).length === 0) {
    throw new UsageError(`${name}: expected --output, --reason, --tag, --since or --until; --all for every letter`)
  }
  const storage = await storageFolder(name, given, terminal)
  if (storage === undefined) return undefined
  return { storage, folder: join(storage, 'dead'), filters, json: 'json' in given && given.json === true }
}

interface GivenFilters {
  readonly output?: string | undefined
  readonly reason?: string | undefined
  readonly tag?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** Those that were given, and no more. */
function filtersOf({ output, reason, tag, since, until }: GivenFilters, nowMs: number): LetterFilters {
  const time = (option: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : toIsoText(parseTime(option, text, nowMs))
  const all = { output, reason, tag, since: time('--since', since), until: time('--until', until) }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** What there is to say where no letter fits. */
export function noneText(filters: LetterFilters): string {
  const given = Object.entries(filters).map(([name, value]) => `--${name} ${value}`)
  if (given.length === 0) return 'no dead letters: no output gave anything up'
  return `no dead letters with ${given.join(' ')}; sluice log dead ls tells of all`
}
