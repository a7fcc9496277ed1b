import type { Socket } from 'node:net'
import type { Clock } from '../base/clock.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import type { LineOfBytes } from './client.js'

/** The other end, or the network, has ended a connection. */
export class LostConnectionError extends AgentError {}

/** A connection in place of a serial line, with one reader. Once it is gone every call fails with a LostConnectionError. */
export class SocketLine implements LineOfBytes {
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #where: string
  #lost: string | undefined
  #wake: (() => void) | undefined
  /** Something was heard over it. */
  hasHeard = false

  /** `where` names the other end, for errors. */
  constructor(socket: Socket, clock: Clock, where: string) {
    this.#socket = socket
    this.#clock = clock
    this.#where = where
    socket.on('readable', () => this.#wake?.())
    socket.on('end', () => this.#lose('the other end has closed it'))
    socket.on('close', () => this.#lose('it was closed'))
    socket.on('error', (error) => this.#lose(messageOf(error)))
  }

  async next(timeoutMs: number): Promise<Uint8Array | undefined> {
    const until = this.#clock.monotonic() + timeoutMs
    for (;;) {
      const bytes = this.#socket.read() as Uint8Array | null
      this.hasHeard ||= bytes !== null
      if (bytes) return bytes
      this.#refuseWhenLost()
      const leftMs = until - this.#clock.monotonic()
      if (leftMs <= 0) return undefined
      await this.#woken(leftMs)
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#refuseWhenLost()
    // What cannot be sent is told by the socket's end; waiting for it would make each request slower.
    this.#socket.write(bytes)
  }

  discard(): number {
    return (this.#socket.read() as Uint8Array | null)?.length ?? 0
  }

  close(): void {
    this.#lose('it was closed')
    this.#socket.destroy()
  }

  #lose(why: string): void {
    this.#lost ??= why
    this.#wake?.()
  }

  #refuseWhenLost(): void {
    if (this.#lost === undefined) return
    throw new LostConnectionError('MODBUS_LOST', `${this.#where}: the connection is gone: ${this.#lost}`)
  }

  #woken(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(timeoutMs, () => this.#wake?.())
      this.#wake = () => {
        cancel()
        this.#wake = undefined
        resolve()
      }
    })
  }
}
