import type { ChildProcess } from 'node:child_process'
import type { Cancel, Clock } from 'sluice/plugin'

/** How long a command may take to end that was told to, and then one that was killed. */
const patienceMs = 1000

/**
 * Ends a command and its children, which are a process group. First they are told to end, then they are killed, and then
 * nobody listens to them any more: one may have left the group and live on. Where the agent stops it does not even wait for the
 * command itself, which may be stuck inside the kernel.
 */
export class Ending {
  readonly #child: ChildProcess
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #stop = (): void => this.begin()
  /** Resolves where the command is not waited for. */
  readonly abandoned: Promise<undefined>
  #abandon: () => void = () => undefined
  #cancelNext: Cancel | undefined
  #killed = false

  /** Begins by itself when the signal is aborted. */
  constructor(child: ChildProcess, clock: Clock, signal: AbortSignal) {
    this.#child = child
    this.#clock = clock
    this.#signal = signal
    this.abandoned = new Promise((resolve) => {
      this.#abandon = (): void => {
        child.unref()
        resolve(undefined)
      }
    })
    signal.addEventListener('abort', this.#stop, { once: true })
    if (signal.aborted) this.begin()
  }

  get begun(): boolean {
    return this.#cancelNext !== undefined
  }

  begin(): void {
    if (this.#killed) this.#abandon() // it had its time before the agent stopped
    if (this.begun) return
    this.#send('SIGTERM')
    this.#cancelNext = this.#clock.after(patienceMs, () => this.#kill())
  }

  /** The command has ended. */
  done(): void {
    this.#cancelNext?.()
    this.#signal.removeEventListener('abort', this.#stop)
  }

  #kill(): void {
    this.#killed = true
    this.#send('SIGKILL')
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    this.#cancelNext = this.#clock.after(patienceMs, () => {
      if (this.#signal.aborted) this.#abandon()
    })
  }

  #send(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return
    try {
      process.kill(-this.#child.pid, signal)
    } catch {
      // The group is gone already, or it became another user's: nothing can be done about either.
    }
  }
}
