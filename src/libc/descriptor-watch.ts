import type { Koffi, PollHandle } from './koffi.js'

/**
 * Waits until one descriptor can be read, in Node's own event loop: no thread is held up, however many descriptors are waited for. It
 * is to be closed before the descriptor is.
 */
export class DescriptorWatch {
  readonly #koffi: Koffi
  readonly #descriptor: number
  #handle: PollHandle | undefined
  /** Ends the wait that is going on. */
  #done: (() => void) | undefined

  constructor(koffi: Koffi, descriptor: number) {
    this.#koffi = koffi
    this.#descriptor = descriptor
  }

  /** Resolves as soon as there is something to read, an error included, the signal is aborted, or it is closed. One wait at a time. */
  readable(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = (): void => {
        this.#handle?.stop()
        this.#done = undefined
        signal.removeEventListener('abort', done)
        // koffi calls from the loop itself, after which no promise would go on before something else happens (koffi 3.3, uv.cc, OnPoll).
        setImmediate(resolve)
      }
      this.#done = done
      signal.addEventListener('abort', done, { once: true })
      this.#start(done)
    })
  }

  /** Harmless when it is closed already. */
  close(): void {
    this.#done?.()
    this.#handle?.close()
    this.#handle = undefined
  }

  #start(ready: () => void): void {
    if (this.#handle) this.#handle.start({ readable: true }, ready)
    else this.#handle = this.#koffi.node.poll(this.#descriptor, { readable: true }, ready)
  }
}
