import { Exchange } from 'sluice/net'
import { AgentError, type Clock, type Framer, framerOf } from 'sluice/plugin'
import type { Socket } from 'node:net'
import { readAnswer } from './answer.js'
import type { Message } from './message.js'

export interface ConnectionSettings {
  /** What errors call the server. */
  readonly where: string
  /** Longest that nothing may move: no message is taken, no acknowledgement comes. */
  readonly ackTimeoutMs: number
  readonly clock: Clock
  readonly decode: (bytes: Uint8Array) => unknown
}

/** An acknowledgement has some thirty bytes, a HELO hardly more. */
const longestAnswerBytes = 4096

/**
 * One connection to a server, for one delivery at a time. Whatever goes wrong ends it for good: its failure is thrown by the
 * delivery that is under way, or leaves it unusable while it is idle.
 */
export class Connection {
  readonly #socket: Socket
  readonly #settings: ConnectionSettings
  readonly #framer: Framer
  readonly #unacknowledged = new Set<string>()
  #onAck: (ackId: string) => void = () => undefined
  readonly #exchange: Exchange

  constructor(socket: Socket, settings: ConnectionSettings) {
    this.#socket = socket
    this.#settings = settings
    this.#exchange = new Exchange(settings.clock, () => socket.destroy())
    const { where } = settings
    const tooLong = (): void => this.fail(new AgentError('FORWARD_ANSWER', `${where}: the server's answer is too long`))
    this.#framer = framerOf('msgpack', { maxFrame: longestAnswerBytes, onOversize: tooLong })
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', (error) =>
      this.fail(new AgentError('FORWARD_BROKEN', `${where}: ${error.message}`, { cause: error })),
    )
    for (const event of ['end', 'close']) {
      socket.on(event, () => this.fail(new AgentError('FORWARD_CLOSED', `${where}: the server closed the connection`)))
    }
  }

  get usable(): boolean {
    return this.#exchange.failure === undefined
  }

  /**
   * Sends the messages one behind the other. Resolves when the kernel has taken the last one, and every acknowledgement that
   * was asked for is here; `onAck` is told of each as it comes.
   */
  deliver(messages: readonly Message[], signal: AbortSignal, onAck: (ackId: string) => void): Promise<void> {
    const limits = { timeoutMs: this.#settings.ackTimeoutMs, late: () => this.#late(), signal }
    this.#onAck = onAck
    return this.#exchange.within(limits, async () => {
      for (const message of messages) await this.#send(message)
      await this.#exchange.until(() => this.#unacknowledged.size === 0)
    })
  }

  /** Ends the connection; what was written before still goes out. */
  close(): void {
    this.#socket.destroySoon()
  }

  fail(error: Error): void {
    this.#exchange.fail(error)
  }

  /** Message by message, so that each one the kernel takes is seen to move; its pieces are not joined but handed over in one call. */
  async #send({ pieces, ackId }: Message): Promise<void> {
    if (ackId !== undefined) this.#unacknowledged.add(ackId)
    let taken = false
    this.#socket.cork()
    for (const piece of pieces.slice(0, -1)) this.#socket.write(piece)
    this.#socket.write(pieces.at(-1) ?? '', (error) => {
      if (error) return // 'error' or 'close' says so too
      taken = true
      this.#exchange.moved()
    })
    this.#socket.uncork()
    await this.#exchange.until(() => taken)
  }

  #read(bytes: Uint8Array): void {
    for (const frame of this.#framer.push(bytes)) {
      const answer = readAnswer(frame, this.#settings)
      if (answer instanceof Error) return this.fail(answer)
      if (!this.#unacknowledged.delete(answer.ack)) return this.fail(this.#wrongAck(answer.ack))
      this.#onAck(answer.ack)
      this.#exchange.moved()
    }
  }

  #wrongAck(ack: string): AgentError {
    const expected = this.#unacknowledged.size
    const text = `${this.#settings.where}: expected one of ${expected} acknowledgements, got ${JSON.stringify(ack)}`
    return new AgentError('FORWARD_WRONG_ACK', text)
  }

  #late(): AgentError {
    const { where, ackTimeoutMs } = this.#settings
    const unread = this.#socket.writableLength
    if (unread > 0) {
      return new AgentError(
        'FORWARD_STALLED',
        `${where}: the server read nothing for ${ackTimeoutMs} ms, ${unread} bytes wait`,
      )
    }
    const text = `no acknowledgement within ${ackTimeoutMs} ms (ack_timeout); ${this.#unacknowledged.size} are due`
    return new AgentError('FORWARD_NO_ACK', `${where}: ${text}`)
  }
}
