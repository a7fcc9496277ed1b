import { parseArgs } from 'node:util'

import { didYouMean } from '../base/nearest.js'
import type { PlainConfig } from '../config/plain-config.js'
import { messageOf } from '../plugin/errors.js'
import { flagAdvice } from './fluent-bit-flags.js'

/** What the command line of `run` says. */
export interface RunArguments {
  /** `-c`: read this file; what the direct form says comes on top of it. */
  readonly config: string | undefined
  readonly dryRun: boolean
  readonly quiet: boolean
  readonly direct: PlainConfig
}

const options = {
  config: { type: 'string', short: 'c' },
  input: { type: 'string', short: 'i', multiple: true },
  filter: { type: 'string', short: 'F', multiple: true },
  output: { type: 'string', short: 'o', multiple: true },
  prop: { type: 'string', short: 'p', multiple: true },
  tag: { type: 'string', short: 't', multiple: true },
  match: { type: 'string', short: 'm', multiple: true },
  flush: { type: 'string', short: 'f' },
  grace: { type: 'string' },
  storage: { type: 'string', short: 'b' },
  parsers: { type: 'string', short: 'R', multiple: true },
  log_file: { type: 'string', short: 'l' },
  http: { type: 'boolean', short: 'H' },
  port: { type: 'string', short: 'P' },
  'enable-hot-reload': { type: 'boolean', short: 'Y' },
  verbose: { type: 'boolean', short: 'v', multiple: true },
  quiet: { type: 'boolean', short: 'q' },
  'dry-run': { type: 'boolean', short: 'D' },
} as const

/** The options of the command line that are settings of the service. */
const serviceNames = {
  flush: 'flush',
  grace: 'grace',
  storage: 'storage.path',
  parsers: 'parsers_file',
  log_file: 'log_file',
  http: 'http_server',
  port: 'http_port',
  'enable-hot-reload': 'hot_reload',
} as const

/** A mistake on the command line. */
export class UsageError extends Error {}

/**
 * Fluent Bit's direct form: `-i`, `-F` and `-o` each begin an instance; `-p`, `-t` and `-m` say more about the last one.
 * Throws a UsageError.
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const { values, tokens } = parse(args)
  const instances = { inputs: [] as Mutable[], filters: [] as Mutable[], outputs: [] as Mutable[] }
  const lists: { readonly [name: string]: Mutable[] } = {
    input: instances.inputs,
    filter: instances.filters,
    output: instances.outputs,
  }
  let last: Mutable | undefined
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue
    const begun = lists[token.name]
    if (begun) begun.push((last = { name: token.value }))
    else setProperty(token, last)
  }
  const service = {
    ...settings(values),
    ...(values.verbose ? { log_level: values.verbose.length > 1 ? 'trace' : 'debug' } : {}),
    ...(values.quiet ? { log_level: 'off' } : {}),
  }
  const { config, 'dry-run': dryRun = false, quiet = false } = values
  return { config, dryRun, quiet, direct: { service, ...instances } }
}

type Mutable = { name: string; [option: string]: unknown }

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, tokens: true, strict: true })
  } catch (error) {
    throw new UsageError(usageMessage(messageOf(error)))
  }
}

function usageMessage(message: string): string {
  const stray = /^Unexpected argument '([^']*)'/.exec(message)?.[1]
  if (stray !== undefined) return `unexpected "${stray}"${fileAdvice(stray) ?? ''}`
  const flag = /^Unknown option '(-[^' ]+)/.exec(message)?.[1]
  if (flag === undefined) return message
  const instead = flagAdvice(flag)
  if (instead !== undefined) return `${flag} is not offered; ${instead}`
  return `unknown option ${flag}${didYouMean(
    flag,
    Object.keys(options).map((name) => `--${name}`),
  )}`
}

/** Where a word is the name of a configuration file. */
export function fileAdvice(word: string): string | undefined {
  return /\.(ya?ml|conf)$/.test(word) ? `; a configuration file is named with -c: -c ${word}` : undefined
}

/** The kind and the name of the plugin that `-h` asks about: that which was begun last before it. */
export function pluginOfHelp(args: readonly string[]): readonly [kind: string, name: string] | undefined {
  const { tokens } = parseArgs({ args: [...args], options, tokens: true, strict: false })
  const kinds = ['input', 'filter', 'output']
  const begun = tokens.filter((token) => token.kind === 'option').filter(({ name }) => kinds.includes(name))
  const last = begun.at(-1)
  return last?.value === undefined ? undefined : [last.name, last.value.split('://', 1)[0] ?? '']
}

function settings(values: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  const given = Object.entries(serviceNames).filter(([name]) => values[name] !== undefined)
  return Object.fromEntries(given.map(([name, setting]) => [setting, values[name]]))
}

function setProperty(
  { name, rawName, value = '' }: { name: string; rawName: string; value?: string | undefined },
  last: Mutable | undefined,
): void {
  if (name !== 'prop' && name !== 'tag' && name !== 'match') return
  if (!last) throw new UsageError(`${rawName} ${value}: expected -i, -F or -o before it`)
  if (name !== 'prop') return void (last[name] = value)
  const equals = value.indexOf('=')
  if (equals < 1) throw new UsageError(`${rawName} ${value}: expected key=value`)
  addProperty(last, value.slice(0, equals).trim(), value.slice(equals + 1).trim())
}

/** A property given twice is a list of its values. */
function addProperty(instance: Mutable, key: string, value: string): void {
  const before = instance[key]
  instance[key] = before === undefined ? value : [before, value].flat()
}
