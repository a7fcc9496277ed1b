import { didYouMean } from '../base/nearest.js'
import { ownOf } from '../base/own.js'
import { UsageError } from './direct-form.js'
import type { ExitCode } from './exit-codes.js'
import type { Terminal } from './terminal.js'

export type Command = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>

/** Commands by their names; each is loaded when it is asked for. */
export interface Commands {
  readonly [name: string]: Command
}

/** Runs the command of a table that the first argument names; `before` is what was said before it. */
export function dispatch(
  before: string,
  commands: Commands,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const [name, ...rest] = args
  const command = name === undefined ? undefined : ownOf(commands, name)
  if (command) return command(rest, terminal)
  const names = Object.keys(commands)
  const got = name === undefined ? 'nothing' : `"${name}"`
  throw new UsageError(`${before}: expected ${names.join(', ')}, got ${got}${didYouMean(name ?? '', names)}`)
}
