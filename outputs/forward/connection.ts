import type { Socket } from 'node:net'
import { readHelo, readPong } from 'sluice/forward'
import { Exchange, type Keepable } from 'sluice/net'
import { AgentError, type Clock, type Framer, framerOf, messageOf } from 'sluice/plugin'
import { readAnswer } from './answer.js'
import { challengeOf, type Login } from './login.js'
import type { Message, MessageSettings } from './message.js'

export interface ConnectionSettings {
  /** What errors call the server. */
  readonly where: string
  /** Longest that the server may take for its part of the handshake. */
  readonly connectTimeoutMs: number
  /** Longest that nothing may move: no message is taken, no acknowledgement comes. */
  readonly ackTimeoutMs: number
  readonly clock: Clock
  /** How this server gets its messages. */
  readonly message: MessageSettings
}

/** An acknowledgement has some thirty bytes, a HELO or a PONG a few hundred. */
const longestAnswerBytes = 4096

/**
 * One connection to a server, for one delivery at a time. Whatever goes wrong ends it for good: its failure is thrown by the
 * delivery that is under way, or leaves it unusable while it is idle.
 */
export class Connection implements Keepable {
  readonly settings: ConnectionSettings
  readonly #socket: Socket
  readonly #framer: Framer
  readonly #unacknowledged = new Set<string>()
  #onAck: (ackId: string) => void = () => undefined
  readonly #exchange: Exchange
  /** What the server said in the handshake and nobody has read yet; undefined outside of it. */
  #handshake: Uint8Array[] | undefined
  /** The server wants another connection for what comes next. */
  #once = false

  constructor(socket: Socket, settings: ConnectionSettings) {
    this.settings = settings
    this.#socket = socket
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
    return this.#exchange.failure === undefined && !this.#once
  }

  /**
   * Shows the server what it asks for (Fluentd Forward Protocol Specification v1, "Handshake Messages"). To be called before
   * anything else, where there is a login. Throws an AgentError `FORWARD_REFUSED` with the reason where either side is not content.
   */
  login(login: Login, signal: AbortSignal): Promise<void> {
    const { where, connectTimeoutMs: timeoutMs } = this.settings
    this.#handshake = []
    const late = (): AgentError => {
      const text = `${where}: the server left the handshake undone for ${timeoutMs} ms; it may ask for no shared_key`
      return new AgentError('FORWARD_HANDSHAKE_LATE', text)
    }
    return this.#exchange.within({ timeoutMs, late, signal }, async () => {
      const helo = await this.#said(readHelo, 'the server closed the connection')
      const { ping, check } = challengeOf(helo, login)
      this.#socket.write(ping)
      const pong = await this.#said(readPong, 'the server closed the connection when it was shown the key')
      const refusal = check(pong)
      if (refusal !== undefined) throw new AgentError('FORWARD_REFUSED', `${where}: ${refusal}`)
      this.#once = !helo.keepalive
      this.#handshake = undefined
    })
  }

  /**
   * Sends the messages one behind the other. Resolves when the kernel has taken the last one, and every acknowledgement that
   * was asked for is here; `onAck` is told of each as it comes.
   */
  deliver(messages: readonly Message[], signal: AbortSignal, onAck: (ackId: string) => void): Promise<void> {
    const limits = { timeoutMs: this.settings.ackTimeoutMs, late: () => this.#late(), signal }
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

  /** The next message of the handshake; a server that is not content may say so by closing the connection. */
  async #said<T>(read: (frame: Uint8Array) => T, closed: string): Promise<T> {
    const { where } = this.settings
    await this.#exchange
      .until(() => this.#handshake?.length !== 0)
      .catch((error: unknown) => {
        if (!(error instanceof AgentError) || error.code !== 'FORWARD_CLOSED') throw error
        throw new AgentError('FORWARD_REFUSED', `${where}: ${closed}`, { cause: error })
      })
    try {
      return read(this.#handshake?.pop() ?? new Uint8Array())
    } catch (error) {
      throw new AgentError('FORWARD_ANSWER', `${where}: ${messageOf(error)}`, { cause: error })
    }
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
      const goesOn = this.#handshake ? this.#heard(frame, this.#handshake) : this.#acknowledged(frame)
      if (!goesOn) return
      this.#exchange.moved()
    }
  }

  #heard(frame: Uint8Array, handshake: Uint8Array[]): boolean {
    const isNext = handshake.length === 0
    if (isNext) handshake.push(new Uint8Array(frame))
    else this.fail(new AgentError('FORWARD_ANSWER', `${this.settings.where}: the server says more than it was asked`))
    return isNext
  }

  /** False where the answer ends the connection. */
  #acknowledged(frame: Uint8Array): boolean {
    const answer = readAnswer(frame, this.settings.where)
    if (answer instanceof Error) this.fail(answer)
    else if (!this.#unacknowledged.delete(answer)) this.fail(this.#wrongAck(answer))
    else this.#onAck(answer)
    return this.#exchange.failure === undefined
  }

  #wrongAck(ack: string): AgentError {
    const expected = this.#unacknowledged.size
    const text = `${this.settings.where}: expected one of ${expected} acknowledgements, got ${JSON.stringify(ack)}`
    return new AgentError('FORWARD_WRONG_ACK', text)
  }

  #late(): AgentError {
    const { where, ackTimeoutMs } = this.settings
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
