import { parseArgs, type ParseArgsConfig } from 'node:util'

import { didYouMean } from '../../base/nearest.js'
import { messageOf } from '../../plugin/errors.js'
import { UsageError } from '../direct-form.js'

/** The options of a command line that has nothing else. Throws a UsageError. */
export function parseOptions<O extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; strict: true }>>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new UsageError(`${command}: ${usageMessage(messageOf(error), options)}`)
  }
}

function usageMessage(message: string, options: object): string {
  const flag = /^Unknown option '(-[^' ]+)/.exec(message)?.[1]
  if (flag === undefined) return message
  const known = Object.keys(options).map((name) => `--${name}`)
  return `expected one of ${known.join(', ')}, got ${flag}${didYouMean(flag, known)}`
}

/** A word that must be one of those that are known. */
export function knownWord(what: string, word: string, known: readonly string[]): string {
  if (known.includes(word)) return word
  const expected = known.length === 0 ? 'there is none' : `expected one of ${known.join(', ')}`
  throw new UsageError(`${what}: ${expected}, got "${word}"${didYouMean(word, known)}`)
}
