import type { Readable } from 'node:stream'

import { AgentError } from '../plugin/errors.js'

/**
 * What comes over a socket or a pipe, read by read, for one who waits for it. Unlike the socket's own iterator it leaves the other
 * direction open when the peer has ended its own, and can be told to fail.
 */
export class SocketReads {
  readonly #socket: Readable
  #failure: Error | undefined
  #hasEnded = false
  #wake: (() => void) | undefined

  constructor(socket: Readable) {
    this.#socket = socket
    socket.on('readable', () => this.#woken())
    socket.on('end', () => {
      this.#hasEnded = true
      this.#woken()
    })
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(closed()))
  }

  /** The next bytes; undefined once the peer has sent all it will send. Throws why there are no more. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure
      const bytes = this.atHand()
      if (bytes) return bytes
      if (this.#hasEnded) return undefined
      if (this.#socket.destroyed) throw closed()
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** What has come and was not read, if anything. */
  atHand(): Uint8Array | undefined {
    return (this.#socket.read() as Uint8Array | null) ?? undefined
  }

  /** Whoever waits for bytes gets this instead. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#woken()
  }

  /** Throws away what comes until there is no more. */
  async discard(): Promise<void> {
    this.#failure = undefined
    while ((await this.next()) !== undefined);
  }

  #woken(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

function closed(): AgentError {
  return new AgentError('NET_CLOSED', 'the connection was closed')
}
