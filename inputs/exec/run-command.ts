import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Clock } from 'sluice/plugin'

export interface RunSettings {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Takes what the command prints; no more is read until this settles. */
  readonly take: (bytes: Uint8Array) => Promise<void> | undefined
}

/** How long a command that was told to end may take before it is killed. */
const killAfterMs = 2000

/** How much is kept of what a command says went wrong. */
const errorBytes = 200

/**
 * Runs a program to its end, without a shell and with nothing on its standard input. It leads a process group of its own, so
 * that its children end with it. Answers how it failed, if it did; rejects when it cannot be started.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  settings: RunSettings,
): Promise<string | undefined> {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const deadline = endInTime(child, settings)
  try {
    const [how, errors] = await Promise.all([
      exitOf(child),
      beginning(child.stderr),
      readAll(child.stdout, settings.take),
    ])
    if (deadline.passed) return `no end within ${settings.timeoutMs} ms`
    return how === undefined ? undefined : [how, errors].filter(Boolean).join(': ')
  } finally {
    deadline.cancel()
  }
}

/** Tells the command to end when its time is up or the signal is aborted, and kills it when it does not. */
function endInTime(child: ChildProcess, { clock, signal, timeoutMs }: RunSettings) {
  const state = { passed: false, cancel }
  let cancelKill = (): void => undefined
  const end = (): void => {
    signalGroup(child, 'SIGTERM')
    cancelKill = clock.after(killAfterMs, () => kill(child))
  }
  const cancelDeadline = clock.after(timeoutMs, () => {
    state.passed = true
    end()
  })
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  function cancel(): void {
    cancelDeadline()
    cancelKill()
    signal.removeEventListener('abort', end)
  }
  return state
}

/** A child that left the group may live on, but nobody waits for what it prints. */
function kill(child: ChildProcess): void {
  signalGroup(child, 'SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It is gone already, which is what was wanted.
  }
}

function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`)
    })
  })
}

async function readAll(output: Readable, take: RunSettings['take']): Promise<void> {
  for await (const bytes of output as AsyncIterable<Uint8Array>) await take(bytes)
}

/** The first bytes of a stream as text; all of it is read, so that the command never waits for us. */
async function beginning(output: Readable): Promise<string> {
  let text = ''
  for await (const bytes of output as AsyncIterable<Buffer>) {
    if (text.length < errorBytes) text += bytes.toString('utf8', 0, errorBytes - text.length)
  }
  return text.trim()
}
