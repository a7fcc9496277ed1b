import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { type Clock, messageOf } from 'sluice/plugin'
import { Deadline } from './deadline.js'
import { Ending } from './ending.js'

export interface RunSettings {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Takes what the command prints. While the promise that it may answer is unsettled no more is read, and the time stands still. */
  readonly take: (bytes: Uint8Array) => Promise<void> | undefined
}

export interface Outcome {
  /** Why the run is not a good one. */
  readonly failure?: string
  /** The command did not come to its end by itself: its output may stop anywhere. */
  readonly cut: boolean
}

/** How much is kept of what a command says went wrong. */
const errorBytes = 200

/**
 * Runs a program to its end, without a shell and with nothing on its standard input. It leads a process group of its own, so
 * that its children end with it.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  settings: RunSettings,
): Promise<Outcome> {
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    // Where it could not be started for want of descriptors it has no output either.
    return child.pid === undefined ? await startFailure(child) : await followed(child, settings)
  } catch (error) {
    return { failure: `cannot be started: ${messageOf(error)}`, cut: false }
  }
}

function startFailure(child: ChildProcess): Promise<never> {
  return new Promise((_resolve, reject) => child.once('error', reject))
}

async function followed(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { clock, signal, timeoutMs, take }: RunSettings,
): Promise<Outcome> {
  let late = false
  const ending = new Ending(child, clock, signal)
  const deadline = new Deadline(clock, timeoutMs, () => {
    late = true
    ending.begin()
  })
  try {
    const whole = Promise.all([exitOf(child), beginning(child.stderr), readAll(child.stdout, take, deadline)])
    const [exit, errors] = (await Promise.race([whole, ending.abandoned])) ?? []
    if (late) return { failure: [`no end within ${timeoutMs} ms`, errors].filter(Boolean).join(': '), cut: true }
    if (ending.begun) return { cut: true }
    return exit === undefined ? { cut: false } : { failure: [exit, errors].filter(Boolean).join(': '), cut: false }
  } finally {
    deadline.cancel()
    ending.done()
  }
}

/** How it failed, once it has ended and everything that it printed was read. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`)
    })
  })
}

async function readAll(output: Readable, take: RunSettings['take'], deadline: Deadline): Promise<void> {
  await each(output, async (bytes) => {
    const room = take(bytes)
    if (!room) return
    deadline.hold()
    await room
    deadline.go()
  })
}

/** The first bytes of a stream as text; all of it is read, so that the command never waits for us. */
async function beginning(output: Readable): Promise<string> {
  let text = ''
  await each(output, (bytes) => {
    if (text.length < errorBytes) text += bytes.toString('utf8', 0, errorBytes - text.length)
  })
  return text.trim()
}

/** All that comes until the stream ends, or is closed because the command was killed. */
async function each(output: Readable, take: (bytes: Buffer) => void | Promise<void>): Promise<void> {
  try {
    for await (const bytes of output as AsyncIterable<Buffer>) await take(bytes)
  } catch (error) {
    if (output.errored) throw error
  }
}
