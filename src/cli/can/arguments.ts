import { parseArgs, type ParseArgsConfig } from 'node:util'

import { didYouMean } from '../../base/nearest.js'
import { type DecodeOptions, labelStyles } from '../../can/index.js'
import { messageOf } from '../../plugin/errors.js'
import { UsageError } from '../direct-form.js'

type Known = NonNullable<ParseArgsConfig['options']>

/** Options of `decode` and `monitor`. */
export const decodeOptions = {
  dbc: { type: 'string', multiple: true },
  format: { type: 'string' },
  labels: { type: 'string' },
  j1939: { type: 'string' },
} as const

const answers = ['yes', 'no'] as const

/** What `--labels` and `--j1939` say of decoding. Throws a UsageError. */
export function settingsOf(given: { readonly labels?: string; readonly j1939?: string }): DecodeOptions {
  const labels = choiceOf('--labels', given.labels, labelStyles)
  const j1939 = choiceOf('--j1939', given.j1939, answers)
  return { ...(labels && { labels }), ...(j1939 && { j1939: j1939 === 'yes' }) }
}

/** Options and words of a command line. Throws a UsageError. */
export function parseWords<O extends Known>(
  command: string,
  args: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; strict: true; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${command}: ${messageOf(error)}`)
  }
}

/** The word that a command must have, such as a file. */
export function wordOf(command: string, words: readonly string[], expected: string): string {
  const [word] = words
  if (word === undefined || words.length > 1) {
    throw new UsageError(`${command}: expected ${expected}, got ${words.length === 0 ? 'nothing' : words.join(' ')}`)
  }
  return word
}

/** One of some words, or undefined where nothing was said. */
export function choiceOf<W extends string>(
  option: string,
  given: string | undefined,
  known: readonly W[],
): W | undefined {
  if (given === undefined) return undefined
  const found = known.find((word) => word === given)
  if (found !== undefined) return found
  throw new UsageError(`${option}: expected one of ${known.join(', ')}, got "${given}"${didYouMean(given, known)}`)
}

export function countOf(option: string, given: string | undefined): number {
  if (given === undefined) return Infinity
  if (/^[1-9]\d*$/.test(given)) return Number(given)
  throw new UsageError(`${option}: expected a number of 1 or more, got "${given}"`)
}
