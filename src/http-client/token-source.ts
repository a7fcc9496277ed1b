import type { Clock } from '../base/clock.js'
import { AgentError } from '../plugin/errors.js'
import type { Poster } from './poster.js'
import { cleanAnswer } from './secrets.js'
import { readToken, type Token, type TokenRequest } from './token-request.js'
import { quote } from './verdict.js'

export interface TokenSettings {
  readonly request: TokenRequest
  readonly poster: Poster
  readonly skewMs: number
  readonly clock: Clock
}

/** A token that is asked for when it is needed first, kept until shortly before it ends, and the same for all who wait for it. */
export class TokenSource {
  readonly #settings: TokenSettings
  readonly #stop = new AbortController()
  #token: Promise<string> | undefined
  /** What it was in the end; undefined while it is asked for. */
  #text: string | undefined
  #endsAtMs = Infinity

  constructor(settings: TokenSettings) {
    this.#settings = settings
  }

  /** Throws an AgentError `HTTP_TOKEN` where there is none to be had, which another try may turn. */
  token(): Promise<string> {
    if (this.#settings.clock.monotonic() >= this.#endsAtMs) this.#token = undefined
    this.#token ??= this.#fetch()
    return this.#token
  }

  /** A server did not take it: the next call gets another one, unless somebody asked for one since. */
  refused(token: string): void {
    if (token !== this.#text) return
    this.#token = undefined
  }

  async close(): Promise<void> {
    this.#stop.abort(new AgentError('HTTP_TOKEN', 'the output was closed'))
    await this.#settings.poster.close()
  }

  async #fetch(): Promise<string> {
    const { clock, skewMs } = this.#settings
    this.#endsAtMs = Infinity
    this.#text = undefined
    try {
      const { text, lastsMs = Infinity } = await this.#ask()
      // A token that lasts no longer than the skew is used all the same, for a moment.
      this.#endsAtMs = clock.monotonic() + Math.max(lastsMs - skewMs, lastsMs / 2)
      this.#text = text
      return text
    } catch (error) {
      this.#token = undefined
      throw error
    }
  }

  async #ask(): Promise<Token> {
    const { poster, request } = this.#settings
    const { head, body, secrets, url } = request
    const answer = cleanAnswer(await poster.post(head, body, this.#stop.signal), secrets)
    const token = answer.status === 200 ? readToken(answer.text) : undefined
    if (token) return token
    const said = answer.status === 200 ? 'with no token' : quote(answer.text)
    throw new AgentError(
      'HTTP_TOKEN',
      `${url.origin}${url.pathname}: asked for a token, answered ${answer.status} ${said}`,
    )
  }
}
