import type { Clock } from 'sluice/plugin'

/** Lets one waiter sleep until it is rung; a ring before it waits is kept. */
export class Bell {
  readonly #clock: Clock
  #rung = false
  #wake: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Resolves when rung, after `waitMs`, or on abort; answers whether it was rung. */
  async wait(waitMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung) await this.#sleep(waitMs, signal)
    const rung = this.#rung
    this.#rung = false
    return rung
  }

  async #sleep(waitMs: number, signal: AbortSignal): Promise<void> {
    const early = new AbortController()
    const wake = (): void => early.abort()
    this.#wake = wake
    signal.addEventListener('abort', wake, { once: true })
    if (signal.aborted) wake()
    await this.#clock.sleep(waitMs, early.signal)
    signal.removeEventListener('abort', wake)
    this.#wake = undefined
  }
}
