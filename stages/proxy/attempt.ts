import type { ClientRequest } from 'node:http'
import { declaredBytes, HttpError, type HttpExchange, IdleDeadline, passBody, writable } from 'sluice/http'
import type { Clock } from 'sluice/plugin'
import { type Answer, answerTo, connected } from './call.js'
import { deliver } from './deliver.js'
import { askedHost, requestHeaders } from './headers.js'
import { type PathSettings, publicLocation, upstreamPath } from './paths.js'
import { openTunnel, type TunnelEnd } from './tunnel.js'
import type { Upstream } from './upstream.js'
import { Late, UpstreamFailure } from './upstream-failure.js'

export interface AttemptSettings extends PathSettings {
  readonly connectMs: number
  readonly answerMs: number
  readonly bodyBytes: number | undefined
  readonly preserveHost: boolean
  readonly trustForwarded: boolean
}

export interface AttemptParts {
  readonly exchange: HttpExchange
  readonly upstream: Upstream
  /** Where the client wants to speak another protocol. */
  readonly client: TunnelEnd | undefined
  readonly settings: AttemptSettings
  readonly clock: Clock
}

/** Methods that may be asked twice (RFC 9110, section 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** One request to one upstream. Whoever makes it ends it. */
export class Attempt {
  /** Whether the client went away: then nobody needs to know how it went. */
  isAbandoned = false
  readonly #parts: AttemptParts
  readonly #request: ClientRequest
  readonly #deadline: IdleDeadline
  #late: Late | undefined
  readonly #abandon = (): void => {
    this.isAbandoned = true
    this.#request.destroy()
  }

  constructor(parts: AttemptParts) {
    const { exchange, upstream, settings, clock } = parts
    this.#parts = parts
    this.#request = upstream.open({
      method: exchange.method,
      path: upstreamPath(exchange, settings),
      headers: requestHeaders(exchange, {
        ...settings,
        host: upstream.address.host,
        isUpgrade: parts.client !== undefined,
      }),
    })
    this.#deadline = new IdleDeadline(clock, settings.answerMs, () => {
      this.#late = new Late('no answer', settings.answerMs)
      this.#request.destroy(this.#late)
    })
    exchange.signal.addEventListener('abort', this.#abandon)
    if (exchange.signal.aborted) this.#abandon()
  }

  /** Throws an UpstreamFailure where there is no answer, an HttpError where the request is to blame. */
  async ask(): Promise<Answer> {
    const { exchange, clock, settings } = this.#parts
    await connected(this.#request, clock, settings.connectMs).catch((error: unknown) => {
      throw new UpstreamFailure(error, true)
    })
    this.#deadline.moved()
    try {
      return await Promise.race([answerTo(this.#request), this.#failureToSend()])
    } catch (error) {
      if (error instanceof HttpError) throw error
      throw new UpstreamFailure(error, declaredBytes(exchange) === 0 && idempotent.has(exchange.method))
    }
  }

  /** Gives the answer to the client. Throws an UpstreamFailure where it breaks off: what the client has of it is no whole answer. */
  async deliver({ message, tunnel }: Answer): Promise<void> {
    const { exchange, client } = this.#parts
    try {
      if (tunnel && client) return await this.#tunnel({ message, tunnel }, client)
      await deliver({ exchange, message, deadline: this.#deadline, locationOf: (location) => this.#public(location) })
    } catch (error) {
      exchange.response.destroy()
      throw new UpstreamFailure(this.#late ?? error, false)
    }
  }

  end(): void {
    this.#deadline.cancel()
    this.#parts.exchange.signal.removeEventListener('abort', this.#abandon)
    this.#request.destroy() // without effect once all was sent and answered
  }

  /** Never resolves: an upstream may answer before it has read the body. */
  #failureToSend(): Promise<never> {
    const { exchange, settings } = this.#parts
    const sent = passBody(exchange, { limitBytes: settings.bodyBytes, take: (part) => this.#send(part) })
    return new Promise((_resolve, reject) => {
      sent
        .then(() => this.#request.end())
        .catch((error: Error) => {
          reject(error)
          this.#request.destroy(error)
        })
    })
  }

  /** What an upstream does not want to read any more is forgotten. */
  async #send(part: Buffer): Promise<void> {
    if (this.#request.destroyed) return
    if (!this.#request.write(part)) await writable(this.#request)
    this.#deadline.moved()
  }

  #public(location: string): string {
    const { exchange, upstream, settings } = this.#parts
    const host = settings.preserveHost ? askedHost(exchange) : upstream.address.host
    return publicLocation(location, `${upstream.address.isSecure ? 'https' : 'http'}://${host}`, settings)
  }

  #tunnel({ message, tunnel }: Required<Answer>, client: TunnelEnd): Promise<void> {
    this.#deadline.cancel()
    return openTunnel({ exchange: this.#parts.exchange, message, client, upstream: tunnel })
  }
}
