import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

import { cutOff, discardBody, readBody } from './body.js'
import type { Connection } from './connection.js'
import { jsonText } from './json-text.js'
import type { HttpLimits } from './limits.js'
import type { MemoryAccount } from './memory-account.js'
import { type HttpRequest, type HttpResponse, isCutOff } from './messages.js'
import { problemText, problemType } from './problem.js'
import type { HttpError, ProblemFields } from './http-error.js'
import { hostName, parseTarget } from './request-target.js'

export interface ExchangeParts {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly connection: Connection
  readonly limits: HttpLimits
  readonly memory: MemoryAccount
  /** `monotonic()` of the agent's clock when the head was there. */
  readonly startedMs: number
  /** Aborted when the server is told to stop. */
  readonly stopping: AbortSignal
}

const noParams: { readonly [name: string]: string } = {}

/** One request and its answer, whatever the version of HTTP; every stage is given the same one. */
export class HttpExchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly connection: Connection
  readonly startedMs: number
  readonly method: string
  /** Percent-encoded, without the query; a stage that rewrites requests sets it, as it does the query. */
  path: string
  query: string
  /** Asked for, in lower case and without its port; empty where the request names none. */
  readonly host: string
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
  readonly #parts: ExchangeParts
  #held = 0
  #isOver = false
  #isBodyTaken = false
  #gone: AbortController | undefined

  constructor(parts: ExchangeParts) {
    const { request, response, connection, startedMs } = parts
    this.#parts = parts
    this.request = request
    this.response = response
    this.connection = connection
    this.startedMs = startedMs
    this.method = request.method ?? 'GET'
    const target = parseTarget(request.url ?? '/')
    this.path = target.path
    this.query = target.query
    this.host = hostName(target.authority ?? hostOf(request.headers))
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  get limits(): HttpLimits {
    return this.#parts.limits
  }

  /** Aborted when the server is told to stop: what has no end of its own, such as a stream of events, ends then. */
  get stopping(): AbortSignal {
    return this.#parts.stopping
  }

  /** Whether an answer was given, or has begun, or can be given no more because the connection was upgraded. */
  get isAnswered(): boolean {
    return this.isUpgraded || this.response.headersSent || this.response.writableEnded
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
  body(): Promise<Buffer> {
    if (this.#isOver) return Promise.reject(cutOff())
    this.#isBodyTaken = true
    return readBody(this)
  }

  /** Counts bytes to the memory until the exchange is over; false where it is, or there is no room. */
  hold(bytes: number): boolean {
    if (this.#isOver || !this.#parts.memory.reserve(bytes)) return false
    this.#held += bytes
    return true
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
    if (this.#held > 0) this.#parts.memory.release(this.#held)
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
    return this.reply(status, problemText(status, detail, fields), { 'content-type': problemType, ...headers })
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
