import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Cancel, Clock } from 'sluice/plugin'

export interface ScriptCommand {
  readonly words: readonly [string, ...string[]]
  readonly env: { readonly [name: string]: string }
  readonly cwd: string | undefined
}

/** How long a run has to end that was told to. */
const patienceMs = 1000

/** How much is kept of what a run says went wrong. */
const errorBytes = 4096

/** One run of a script, with everything that it starts. */
export class ScriptProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** How it ended, once all that it wrote was read: its exit code, or the signal that ended it. Rejects where it was not started. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly #clock: Clock
  /** Why it was told to end, where that was not because nobody waits for it any more. */
  reason: Error | undefined
  /** Its exit code; undefined where it has none. */
  code: number | undefined
  #errors = ''
  #cancelKill: Cancel | undefined

  constructor({ words: [program, ...args], env, cwd }: ScriptCommand, clock: Clock) {
    this.#clock = clock
    this.child = spawn(program, args, { env, detached: true, ...(cwd === undefined ? {} : { cwd }) })
    this.child.stdin.on('error', () => undefined) // a script need not read its body
    this.child.stdout.on('error', () => undefined)
    this.child.stderr.on('data', (bytes: Buffer) => this.#said(bytes))
    this.ended = endOf(this.child).finally(() => this.#cancelKill?.())
    this.child.once('exit', (code) => (this.code = code ?? undefined))
  }

  /** The beginning of what it wrote to its standard error. */
  get errors(): string {
    return this.#errors.trim()
  }

  /** Tells it and its children to end, and sees to it that they do. */
  end(reason?: Error): void {
    if (this.#cancelKill) return
    this.reason = reason
    this.#send('SIGTERM')
    this.#cancelKill = this.#clock.after(patienceMs, () => {
      this.#send('SIGKILL')
      this.child.stdout.destroy() // one of its children may have left the group, and hold it open
      this.child.stderr.destroy()
    })
  }

  #said(bytes: Buffer): void {
    if (this.#errors.length < errorBytes) this.#errors += bytes.toString('utf8', 0, errorBytes - this.#errors.length)
  }

  #send(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return
    try {
      process.kill(-this.child.pid, signal)
    } catch {
      // the group is gone already
    }
  }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0))
  })
}
