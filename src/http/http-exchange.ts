import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

import type { Clock } from '../base/clock.js'
import { bodyAtHand, cutOff, discardBody, expectBody, readBody } from './body.js'
import { ClientConnection, type Connection, connectionOf } from './connection.js'
import { jsonText } from './json-text.js'
import { type ForwardedBy, hopsOf } from './hops.js'
import type { HttpLimits } from './limits.js'
import type { MemoryAccount } from './memory-account.js'
import { type HttpRequest, type HttpResponse, isCutOff } from './messages.js'
import { problemHeaders, problemText } from './problem.js'
import type { HttpError, ProblemFields } from './http-error.js'
import { hostName, parseTarget } from './request-target.js'

/** What all exchanges of one server have in common. */
export interface ExchangeHost {
  readonly limits: HttpLimits
  readonly proxies: ForwardedBy | undefined
  readonly memory: MemoryAccount
  readonly clock: Pick<Clock, 'monotonic'>
  /** Aborted when the server is told to stop. */
  readonly stopping: AbortSignal
  /** Answers as an error wants it that was thrown for the exchange. */
  readonly fail: (exchange: HttpExchange, error: unknown) => void
}

const noParams: { readonly [name: string]: string } = {}

/** One request and its answer, whatever the version of HTTP; every stage is given the same one. */
export class HttpExchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly connection: Connection
  /** `monotonic()` of the agent's clock when the head was there. */
  readonly startedMs: number
  readonly method: string
  /** Percent-encoded, without the query; a stage that rewrites requests sets it, as it does the query. */
  path: string
  query: string
  /** What the parts of a route's path stand for, such as `id` of `/sensors/:id`. */
  params: { readonly [name: string]: string } = noParams
  /** Whom an `auth` stage found this to be. */
  user: string | undefined
  /** Set by the owner of an upgrade once the connection is another protocol's: nothing of HTTP is written to it any more. */
  isUpgraded = false
  /** The rest of the request will not come, and the client was told so. */
  isBrokenOff = false
  /** Bytes of the answer's body that were given so far; who writes to the response itself adds to them. */
  sentBytes = 0
  readonly #host: ExchangeHost
  readonly #authority: string | undefined
  #held = 0
  #isOver = false
  #isBodyExpected = false
  #isBodyTaken = false
  #gone: AbortController | undefined
  #hops: readonly string[] | undefined

  constructor(request: HttpRequest, response: HttpResponse, host: ExchangeHost) {
    this.#host = host
    this.request = request
    this.response = response
    this.connection = connectionOf(request.socket) ?? new ClientConnection(request.socket, '')
    this.startedMs = host.clock.monotonic()
    this.method = request.method ?? 'GET'
    const target = parseTarget(request.url ?? '/')
    this.path = target.path
    this.query = target.query
    this.#authority = target.authority
  }

  /** Asked for, in lower case and without its port; empty where the request names none. */
  get host(): string {
    return hostName(this.#authority ?? hostOf(this.request.headers))
  }

  /** The address of who asked, as far as trusted proxies tell; else of the connection. Empty for a unix socket. */
  get clientAddress(): string {
    return this.connection.isTrustedProxy ? (this.hops[0] ?? '') : this.connection.address
  }

  /** That address, and those of the trusted proxies which passed the request on; the last is of the connection. */
  get hops(): readonly string[] {
    this.#hops ??= this.#hopsOf(this.connection)
    return this.#hops
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  get limits(): HttpLimits {
    return this.#host.limits
  }

  /** Aborted when the server is told to stop: what has no end of its own, such as a stream of events, ends then. */
  get stopping(): AbortSignal {
    return this.#host.stopping
  }

  /** Whether an answer was given, or has begun, or can be given no more because the connection was upgraded. */
  get isAnswered(): boolean {
    return this.isUpgraded || this.response.headersSent || this.response.writableEnded
  }

  /** Whether somebody waits for an answer that was not begun. */
  get isOwed(): boolean {
    return !this.#isOver && !this.isAnswered
  }

  /** Whether the client went away before it had the answer. */
  get isAborted(): boolean {
    return isCutOff(this.response)
  }

  /** Aborted when the client goes away before it has its answer. */
  get signal(): AbortSignal {
    if (!this.#gone) {
      const gone = new AbortController()
      this.#gone = gone
      if (this.isAborted) gone.abort()
      else this.response.once('close', () => this.isAborted && gone.abort())
    }
    return this.#gone.signal
  }

  /**
   * The body as it was sent, which lives until the answer was given. Throws an HttpError: 413 where it is longer than the limit,
   * 503 where there is no room for it in memory, 400 where it breaks off, or did before it was asked for.
   */
  async body(): Promise<Buffer> {
    this.expectBody()
    this.#isBodyTaken = true
    return readBody(this)
  }

  /** Says early that the body is wanted, so that it comes while others are served. Throws as `body` does. */
  expectBody(): void {
    if (this.#isOver) throw cutOff()
    if (!this.#isBodyExpected) expectBody(this)
    this.#isBodyExpected = true
  }

  /** The body of a request that came whole, as a small one does that is not asked for within the turn of its head; else undefined. */
  bodyAtHand(): Buffer | undefined {
    this.expectBody()
    const body = bodyAtHand(this)
    this.#isBodyTaken ||= body !== undefined
    return body
  }

  /** Counts bytes to the memory until the exchange is over; false where it is, or there is no room. */
  hold(bytes: number): boolean {
    if (this.#isOver || !this.#host.memory.reserve(bytes)) return false
    this.#held += bytes
    return true
  }

  /** Counts bytes to the memory no more, that were held for this exchange. */
  giveBack(bytes: number): void {
    if (this.#isOver || bytes === 0) return
    this.#held -= bytes
    this.#host.memory.release(bytes)
  }

  /** Answers with what went wrong, just as if a hook had thrown it: for whoever owns the request, and has no promise that rejects. */
  fail(error: unknown): void {
    this.#host.fail(this, error)
  }

  /** Answers with the error, where no answer has begun, and tells whoever waits for the body. */
  breakOff(error: HttpError): void {
    const { request, response } = this
    this.isBrokenOff = true
    response.shouldKeepAlive = false
    response.once('close', () => request.destroy(error))
    if (this.isAnswered) response.destroy()
    else this.problem(error.status, error.message)
    // What the client still sends of its body is not wanted (RFC 9113, section 8.1).
    if ('stream' in response) response.stream.close()
  }

  /** Called once, when the exchange is over. */
  end(): void {
    if (this.#held > 0) this.#host.memory.release(this.#held)
    this.#held = 0
    this.#isOver = true
  }

  /** Answers with a whole body. To HEAD the same head is given without it. */
  reply(status: number, body: string | Uint8Array = '', headers: OutgoingHttpHeaders = {}): true {
    if (this.isAnswered) return true
    const { response } = this
    if (!this.#isBodyTaken) discardBody(this)
    if (mayHaveBody(status)) headers['content-length'] ??= Buffer.byteLength(body)
    response.writeHead(status, headers)
    if (!mayHaveBody(status) || this.method === 'HEAD') response.end()
    else {
      this.sentBytes += Buffer.byteLength(body)
      response.end(body)
    }
    return true
  }

  json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): true {
    return this.reply(status, jsonText(value), { 'content-type': 'application/json', ...headers })
  }

  /** Answers with a problem document (RFC 9457). */
  problem(status: number, detail: string, headers: OutgoingHttpHeaders = {}, fields: ProblemFields = {}): true {
    return this.reply(status, problemText(status, detail, fields), { ...problemHeaders, ...headers })
  }

  #hopsOf({ address, isTrustedProxy }: Connection): readonly string[] {
    const { proxies } = this.#host
    return isTrustedProxy && proxies ? hopsOf(this.header(proxies.header) ?? '', address, proxies) : [address]
  }
}

function hostOf(headers: IncomingHttpHeaders): string {
  const authority = headers[':authority']
  return typeof authority === 'string' ? authority : (headers.host ?? '')
}

/** RFC 9110, section 6.4.1. */
function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304
}
