import { AgentError, PermanentError } from 'sluice/plugin'
import type { Writable } from 'node:stream'

/** A write that its flush no longer waits for; it may still come to its end. */
interface Underway {
  readonly key: string
  readonly written: Promise<void>
}

/**
 * Awaited writes to a stream that this program does not own and never closes. A reader that stops reading makes the write
 * wait, not the event loop. When a flush gives up waiting, its bytes stay queued: the retry waits for them and writes nothing
 * twice.
 */
export class StreamWriter {
  readonly #stream: Writable
  readonly #name: string
  #underway: Underway | undefined

  constructor(stream: Writable, name: string) {
    this.#stream = stream
    this.#name = name
    // Each write reports its own error, but without a listener the same error would end the process. The stream is not ours:
    // one listener serves all that use it.
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
  }

  /** Writes once for each `key`, however often it is called until the bytes are through. */
  async write(key: string, bytes: () => Uint8Array, signal: AbortSignal): Promise<void> {
    for (let left = this.#underway; left; left = this.#underway) {
      await abortable(left.written.catch(ignore), signal)
      if (left.key === key) return this.#settle(left)
      this.#underway = undefined
    }
    this.#underway = { key, written: this.#write(bytes()) }
    await abortable(this.#underway.written.catch(ignore), signal)
    await this.#settle(this.#underway)
  }

  #settle(underway: Underway): Promise<void> {
    if (this.#underway === underway) this.#underway = undefined
    return underway.written
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(this.#reason(error)) : resolve()))
    })
  }

  #reason(error: NodeJS.ErrnoException): AgentError {
    const gone = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'
    const message = gone
      ? `${this.#name}: whoever read it has closed it; nothing more can be written`
      : `${this.#name}: cannot write: ${error.message}`
    return gone
      ? new PermanentError('STDOUT_CLOSED', message, { all: true, cause: error })
      : new AgentError('STDOUT_WRITE', message, { cause: error })
  }
}

function ignore(): void {}

/** Rejects as soon as the signal is aborted, whatever becomes of the promise. */
function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    void promise.then(resolve).finally(() => signal.removeEventListener('abort', abort))
  })
}
