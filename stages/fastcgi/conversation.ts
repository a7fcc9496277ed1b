import { answerFromCgi, HttpError, type HttpExchange, IdleDeadline, passBody } from 'sluice/http'
import type { Clock } from 'sluice/plugin'
import type { FastCgiConnection } from './connection.js'

export interface ConversationSettings {
  readonly answerMs: number
  readonly bodyBytes: number | undefined
  readonly outputBytes: number
}

export interface ConversationParts {
  readonly exchange: HttpExchange
  readonly connection: FastCgiConnection
  readonly settings: ConversationSettings
  readonly clock: Clock
}

/** How much is kept of what a script says went wrong. */
const errorBytes = 4096

/** One request to a responder, and its answer. */
export class Conversation {
  /** Whether the responder has said anything. */
  isHeard = false
  /** What the script ended with; undefined as long as it has not. */
  appStatus: number | undefined
  readonly #parts: ConversationParts
  #isSent = false
  #late: HttpError | undefined
  #errors = ''

  constructor(parts: ConversationParts) {
    this.#parts = parts
  }

  /** The beginning of what the script wrote to its standard error. */
  get errors(): string {
    return this.#errors.trim()
  }

  /** Whether nothing of it is still to come, so that the connection serves on. */
  get isOver(): boolean {
    return this.#isSent && this.appStatus !== undefined
  }

  /** Throws an HttpError where the request or the script is to blame, or the time is over; any other error where the connection is. */
  async hold(variables: { readonly [name: string]: string }): Promise<void> {
    const { exchange, connection, settings, clock } = this.#parts
    const deadline = new IdleDeadline(clock, settings.answerMs, () => this.#cut())
    const abandon = (): void => connection.destroy()
    exchange.signal.addEventListener('abort', abandon)
    try {
      connection.begin(variables)
      const answered = answerFromCgi(exchange, this.#output(deadline), settings.outputBytes)
      await Promise.race([answered, this.#failureToSend(deadline)])
    } catch (error) {
      throw this.#late ?? error
    } finally {
      deadline.cancel()
      exchange.signal.removeEventListener('abort', abandon)
    }
  }

  #cut(): void {
    this.#late = new HttpError(504, 'the script took too long', { reason: 'script_late' })
    this.#parts.connection.destroy()
  }

  async *#output(deadline: IdleDeadline): AsyncGenerator<Buffer> {
    const output = this.#parts.connection.output((text) => this.#said(text))
    for (let next = await output.next(); ; next = await output.next()) {
      this.isHeard = true
      deadline.moved()
      if (next.done) {
        this.appStatus = next.value.appStatus
        return
      }
      yield next.value
    }
  }

  /** Never resolves: a script may answer before it has read the body. */
  #failureToSend(deadline: IdleDeadline): Promise<never> {
    const { exchange, connection, settings } = this.#parts
    const take = async (part: Buffer): Promise<void> => {
      await connection.send(part)
      deadline.moved()
    }
    return new Promise((_resolve, reject) => {
      passBody(exchange, { limitBytes: settings.bodyBytes, take })
        .then(() => this.#sent())
        .catch(reject)
    })
  }

  #sent(): void {
    this.#isSent = true
    this.#parts.connection.endBody()
  }

  #said(text: Buffer): void {
    if (this.#errors.length < errorBytes) this.#errors += text.toString('utf8', 0, errorBytes - this.#errors.length)
  }
}
