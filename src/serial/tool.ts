import { spawn } from 'node:child_process'
import type { Clock } from '../base/clock.js'
import { messageOf } from '../plugin/errors.js'

/** stty waits for what was written before; a device that takes nothing must not hold it up for ever. */
const longestMs = 5000
const longestComplaint = 300

/**
 * Runs a program on an open file, as its standard input, without a shell. Answers what it complained of, or nothing where it went
 * well: what it sets on the file is set for whoever has it open.
 */
export async function runOnFile(
  words: readonly [string, ...string[]],
  fd: number,
  clock: Clock,
): Promise<string | undefined> {
  const [program, ...args] = words
  const late = new AbortController()
  const cancel = clock.after(longestMs, () => late.abort())
  try {
    return await complaintOf(program, args, fd, late.signal)
  } finally {
    cancel()
  }
}

function complaintOf(
  program: string,
  args: readonly string[],
  fd: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: [fd, 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' }, signal })
    let text = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      if (text.length < longestComplaint) text += bytes.toString('utf8', 0, longestComplaint)
    })
    child.on('error', (error) =>
      resolve(signal.aborted ? `no end within ${longestMs} ms` : startFailure(program, error)),
    )
    child.on('close', (code) => resolve(code === 0 ? undefined : text.trim() || `exit code ${code}`))
  })
}

function startFailure(program: string, error: Error): string {
  return 'code' in error && error.code === 'ENOENT' ? `${program} is missing` : messageOf(error)
}
