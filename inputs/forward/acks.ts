import type { Socket } from 'node:net'
import { writeAck } from 'sluice/forward'

/** Acknowledgements that a sender has not read stop its connection, so that it holds no more of them in memory. */
const mostUnreadBytes = 64 * 1024

/** Messages whose acknowledgement is not due yet; then the connection is not read. */
const mostWaiting = 4096

/** The acknowledgements of one connection, in the order in which they become true. */
export class Acks {
  #socket: Socket | undefined
  #waiting = 0
  #isCorked = false
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    const changed = (): void => this.wake()
    socket.on('drain', changed).on('close', changed)
  }

  /** Messages that wait for theirs. */
  get waiting(): number {
    return this.#waiting
  }

  get unread(): boolean {
    return (this.#socket?.writableLength ?? 0) > 0
  }

  /** Whether more messages may be taken. */
  get hasRoom(): boolean {
    const unread = this.#socket?.writableLength ?? 0
    return this.#waiting < mostWaiting && unread < mostUnreadBytes
  }

  expect(): void {
    this.#waiting++
  }

  /** The promise of a message holds: its sender is told. */
  give(chunk: Uint8Array): void {
    this.settle()
    const socket = this.#socket
    if (!socket?.writable) return
    if (!this.#isCorked) this.#cork(socket)
    socket.write(writeAck(chunk))
  }

  /** No acknowledgement is due any more for one message. */
  settle(): void {
    this.#waiting--
    this.wake()
  }

  /** Resolves once the condition holds, or the connection is closed. */
  async until(condition: () => boolean): Promise<void> {
    while (this.#socket && !this.#socket.destroyed && !condition()) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Whoever still holds an acknowledgement of it keeps nothing of the connection alive. */
  close(): void {
    this.#socket = undefined
    this.wake()
  }

  /** What becomes true in one turn of the event loop, in which a busy socket is read many times, is written in one go. */
  #cork(socket: Socket): void {
    this.#isCorked = true
    socket.cork()
    setImmediate(() => {
      this.#isCorked = false
      socket.uncork()
    })
  }

  /** Has whoever waits look at its condition again. */
  wake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
