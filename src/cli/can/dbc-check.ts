import { counted } from '../../base/counted.js'
import { type Dbc, parseDbc } from '../../can/index.js'
import { UsageError } from '../direct-form.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseWords } from './arguments.js'
import { fileOf } from './read-bytes.js'

/** `sluice can dbc check`: all that is wrong with DBC files, as `file:line:column: text`. */
export async function dbcCheck(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals: paths } = parseWords('can dbc check', args, {})
  if (paths.length === 0) throw new UsageError('can dbc check: expected a DBC file, got nothing')
  let problems = 0
  for (const path of paths) {
    const dbc = parseDbc(await fileOf(path), path)
    problems += dbc.problemCount
    for (const line of reportOf(dbc)) terminal.out(line)
  }
  return problems === 0 ? exitCodes.ok : exitCodes.failed
}

export function reportOf({ file, messages, problems, problemCount }: Dbc): string[] {
  const lines = problems.map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`)
  const untold = problemCount - problems.length
  if (untold > 0) lines.push(`${file}: and ${counted(untold, 'problem')} more`)
  const signals = messages.reduce((sum, message) => sum + message.signals.length, 0)
  const verdict = problemCount === 0 ? 'good' : counted(problemCount, 'problem')
  return [...lines, `${file}: ${verdict}: ${counted(messages.length, 'message')}, ${counted(signals, 'signal')}`]
}
