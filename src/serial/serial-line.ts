import type { Clock } from '../base/clock.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { LostLineError } from './failure.js'
import type { Port } from './port.js'

export interface SerialLineParts {
  /** The device, for errors and records. */
  readonly path: string
  readonly port: Port
  readonly clock: Clock
  readonly writeTimeoutMs: number
}

/** An open serial line, with one reader. Once the device is gone every call fails with a LostLineError. */
export class SerialLine {
  readonly #parts: SerialLineParts
  #lost: LostLineError | undefined
  #closed: Promise<void> | undefined
  /** Wakes the reader that waits. */
  #wake: (() => void) | undefined

  constructor(parts: SerialLineParts) {
    this.#parts = parts
    const { stream } = parts.port
    stream.on('readable', () => this.#wake?.())
    stream.on('end', () => this.#lose('it hung up'))
    stream.on('close', () => this.#lose('it was closed'))
    stream.on('error', (error) => this.#lose(messageOf(error)))
  }

  get path(): string {
    return this.#parts.path
  }

  /** What the device was opened with. */
  get backend(): Port['backend'] {
    return this.#parts.port.backend
  }

  /** The next bytes as they come; nothing where none came for `timeoutMs`, of which there is no end unless given. */
  async next(timeoutMs = Infinity): Promise<Uint8Array | undefined> {
    const { clock } = this.#parts
    const until = clock.monotonic() + timeoutMs
    for (;;) {
      const bytes = this.#take()
      if (bytes) return bytes
      this.#refuseWhenLost()
      const leftMs = until - clock.monotonic()
      if (leftMs <= 0) return undefined
      await this.#woken(leftMs)
    }
  }

  /** All bytes until the device is gone, which throws. While nobody asks for the next ones the kernel holds them back. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = await this.next()
      if (bytes) yield bytes
    }
  }

  /** Throws away what has come and was not read, as before a request; answers how many bytes. */
  discard(): number {
    return this.#take()?.length ?? 0
  }

  /** Resolves when the kernel has taken all of it. A device that takes nothing for `write_timeout` is lost. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#refuseWhenLost()
    const { clock, port, writeTimeoutMs } = this.#parts
    const failure = await new Promise<string | undefined>((resolve) => {
      const cancel = clock.after(writeTimeoutMs, () => resolve(`it took nothing for ${writeTimeoutMs} ms`))
      port.stream.write(bytes, (error) => {
        cancel()
        resolve(error ? messageOf(error) : undefined)
      })
    })
    if (failure === undefined) return
    this.#lose(failure)
    this.#refuseWhenLost()
  }

  /** Frees the device; whoever waits for bytes fails. Closing it again waits for the same end. */
  close(): Promise<void> {
    this.#lose('it was closed')
    this.#closed ??= this.#parts.port.close()
    return this.#closed
  }

  #take(): Uint8Array | undefined {
    return (this.#parts.port.stream.read() as Uint8Array | null) ?? undefined
  }

  #lose(why: string): void {
    this.#lost ??= new LostLineError('SERIAL_LOST', `${this.path}: the line is gone: ${why}`)
    this.#wake?.()
  }

  #refuseWhenLost(): void {
    if (this.#lost) throw this.#lost
  }

  #woken(timeoutMs: number): Promise<void> {
    if (this.#wake) throw new AgentError('SERIAL_READERS', `${this.path}: a line has one reader, and this is a second`)
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel?.()
        this.#wake = undefined
        resolve()
      }
      const cancel = timeoutMs === Infinity ? undefined : this.#parts.clock.after(timeoutMs, wake)
      this.#wake = wake
    })
  }
}
