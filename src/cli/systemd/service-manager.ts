import type { Clock } from '../../base/clock.js'
import type { Supervisor } from '../../engine/supervisor.js'
import type { Logger } from '../../plugin/context.js'
import { messageOf } from '../../plugin/errors.js'
import type { Send } from './notify-socket.js'

export interface ServiceManagerParts {
  readonly send: Send
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  /** Microseconds of the kernel's CLOCK_MONOTONIC. */
  readonly monotonicMicroseconds: () => bigint
}

/**
 * Tells systemd how this process fares, in the words of sd_notify(3), one message after the other. A message that cannot be sent holds
 * up nothing: the first one is a warning.
 */
export class ServiceManager implements Supervisor {
  readonly #parts: ServiceManagerParts
  readonly #closed = new AbortController()
  #last: Promise<void> = Promise.resolve()
  #isWarned = false

  constructor(parts: ServiceManagerParts) {
    this.#parts = parts
  }

  running(status: string): void {
    void this.#tell(['READY=1', statusOf(status)])
  }

  /** The time lets systemd know for which of its reloads this is (`Type=notify-reload`). */
  reloading(): void {
    const microseconds = this.#parts.monotonicMicroseconds()
    void this.#tell(['RELOADING=1', `MONOTONIC_USEC=${microseconds}`, statusOf('reads its configuration again')])
  }

  stopping(): void {
    void this.#tell(['STOPPING=1', statusOf('delivers what is left, and ends')])
  }

  /**
   * Says that the event loop turns, again and again until `close`. What is no longer stuck is no reason to begin anew, so this says
   * nothing of the past, as `/health/live` does.
   */
  async beat(intervalMs: number): Promise<void> {
    const { signal } = this.#closed
    for (; !signal.aborted; await this.#parts.clock.sleep(intervalMs, signal)) await this.#tell(['WATCHDOG=1'])
  }

  /** Resolves once all that it was told is sent, or cannot be. */
  close(): Promise<void> {
    this.#closed.abort()
    return this.#last
  }

  #tell(lines: readonly string[]): Promise<void> {
    this.#last = this.#last.then(() => this.#send(`${lines.join('\n')}\n`))
    return this.#last
  }

  async #send(message: string): Promise<void> {
    try {
      await this.#parts.send(message)
    } catch (error) {
      if (!this.#isWarned) this.#parts.log.warn('cannot tell systemd how it fares', { reason: messageOf(error) })
      this.#isWarned = true
    }
  }
}

/** One line, however many the text has. */
function statusOf(text: string): string {
  return `STATUS=${text.replaceAll(/\s+/g, ' ')}`
}
