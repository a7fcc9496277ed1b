import type { Socket } from 'node:net'

import type { Clock } from '../base/clock.js'
import { AgentError } from '../plugin/errors.js'
import { Exchange } from './exchange.js'
import { polled } from './polled.js'
import type { Outgoing, Sender } from './sending-output.js'

export interface StreamSettings {
  /** What errors call the peer. */
  readonly where: string
  /** Longest that the peer may take nothing while bytes wait for it. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** Bytes handed to the kernel at a time, so that a slow link is seen to move. */
const pieceBytes = 64 * 1024

/**
 * One connection that bytes are written to, for one delivery at a time; what the peer says is read and left. A delivery ends when
 * the kernel has taken all of it and knows of no end of the connection: no more can be told of a peer that never answers.
 */
export class StreamSender implements Sender<Uint8Array> {
  readonly #socket: Socket
  readonly #settings: StreamSettings
  readonly #exchange: Exchange

  constructor(socket: Socket, settings: StreamSettings) {
    this.#socket = socket
    this.#settings = settings
    this.#exchange = new Exchange(settings.clock, () => socket.destroy())
    const { where } = settings
    socket.on('error', (error) =>
      this.fail(new AgentError('NET_BROKEN', `${where}: ${error.message}`, { cause: error })),
    )
    for (const event of ['end', 'close'])
      socket.on(event, () => this.fail(new AgentError('NET_CLOSED', `${where}: the peer closed the connection`)))
    socket.resume()
  }

  get usable(): boolean {
    return this.#exchange.failure === undefined
  }

  send({ payload }: Outgoing<Uint8Array>, signal: AbortSignal): Promise<void> {
    const limits = { timeoutMs: this.#settings.timeoutMs, late: () => this.#late(), signal }
    return this.#exchange.within(limits, async () => {
      for (let at = 0; at < payload.length; at += pieceBytes) await this.#write(payload.subarray(at, at + pieceBytes))
      await polled()
      await this.#exchange.until(() => true)
    })
  }

  close(): void {
    this.#socket.destroySoon()
  }

  fail(error: Error): void {
    this.#exchange.fail(error)
  }

  async #write(piece: Uint8Array): Promise<void> {
    let taken = false
    this.#socket.write(piece, (error) => {
      if (error) return // 'error' or 'close' says so too
      taken = true
      this.#exchange.moved()
    })
    await this.#exchange.until(() => taken)
  }

  #late(): AgentError {
    const { where, timeoutMs } = this.#settings
    return new AgentError('NET_STALLED', `${where}: the peer read nothing for ${timeoutMs} ms (net.io_timeout)`)
  }
}
