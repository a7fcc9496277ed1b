import { createInterface } from 'node:readline'

import { hashPassword } from '../base/password-hash.js'
import { UsageError } from './direct-form.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { Terminal } from './terminal.js'

/** What no name may have: it ends at the colon, and a line is one user. */
// oxlint-disable-next-line no-control-regex
const unfit = /[:\u0000-\u001f\u007f]|^#|^\s|\s$|^$/

/** `sluice password NAME`: reads a password from standard input, and prints the line of it for a file of users. */
export async function password(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...more] = args
  if (name === undefined || more.length > 0)
    throw new UsageError('password: expected the name of a user, and nothing else')
  if (unfit.test(name)) throw new UsageError('password: expected a name without a colon')
  if (process.stdin.isTTY) terminal.err(`password of ${name}:`)
  const line = await firstLine(process.stdin)
  if (line === '') throw new UsageError('password: expected a password on standard input, got nothing')
  terminal.out(`${name}:${await hashPassword(line)}`)
  return exitCodes.ok
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input })
  for await (const line of lines) return line
  return ''
}
