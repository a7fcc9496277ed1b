import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { accepts } from './ports.js'

export interface ProcessOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** What tells that it can be talked to: a port that it accepts connections on, or text that it prints. */
  readonly ready?: number | RegExp
}

const longestStartMs = 20_000
const pollMs = 20

/** A real program that a test talks to. All that it prints is kept, and shown when it does not come up. */
export class TestProcess {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #exited: Promise<number | null>
  #output = ''
  #stdout = ''
  #stderr = ''
  #ended = false
  #watching: (() => void)[] = []

  constructor(command: string, args: readonly string[], options: ProcessOptions = {}) {
    const { cwd, env = process.env } = options
    this.#name = command
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#printed(text)
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#printed(text)
    })
    this.#exited = new Promise((resolve) => {
      const end = (code: number | null): void => {
        this.#ended = true
        resolve(code)
      }
      this.#child.once('close', end)
      this.#child.once('error', (error) => {
        this.#output += error.message
        end(null)
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Everything printed so far, both streams as they came. */
  get output(): string {
    return this.#output
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  get stdin(): Writable | null {
    return this.#child.stdin
  }

  /** The exit code; null when a signal ended it. */
  get exited(): Promise<number | null> {
    return this.#exited
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it and waits until it is gone. Harmless when it is gone already. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#exited
  }

  /**
   * Resolves as soon as `condition` holds for it, which is looked at whenever it prints and now and then besides; fails when it
   * ends before or takes too long.
   */
  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + longestStartMs
    while (!(await condition())) {
      if (this.#ended) throw new Error(`${this.#name} ended before ${what}:\n${this.#output}`)
      if (performance.now() > deadline) throw new Error(`${this.#name} took too long: ${what}:\n${this.#output}`)
      await Promise.race([sleep(pollMs), new Promise<void>((resolve) => this.#watching.push(resolve))])
    }
  }

  #printed(text: string): void {
    this.#output += text
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}

/** Starts a program and waits until it can be talked to. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<TestProcess> {
  const started = new TestProcess(command, args, options)
  const { ready } = options
  try {
    if (typeof ready === 'number') await started.until(() => accepts(ready), `it accepts connections on port ${ready}`)
    else if (ready) await started.until(() => ready.test(started.output), `it prints ${ready}`)
    return started
  } catch (error) {
    await started.stop('SIGKILL')
    throw error
  }
}
