import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { messageOf } from '../plugin/errors.js'
import { headProblem } from './check-head.js'
import { type ExchangeHost, HttpExchange } from './http-exchange.js'
import type { HttpRequest, HttpResponse } from './messages.js'
import { HttpError } from './http-error.js'
import type { ForwardedBy } from './hops.js'
import type { HttpLimits } from './limits.js'
import { nodeHttp } from './node-http.js'
import { hasDotSegment } from './normal-path.js'
import { OpenExchanges } from './open-exchanges.js'
import type { ServerContext } from './server-context.js'
import type { Owned } from './stage.js'
import type { StageRunner } from './stage-runner.js'

export interface RequestServerParts {
  readonly limits: HttpLimits
  readonly stages: StageRunner
  readonly proxies?: ForwardedBy | undefined
  readonly context: ServerContext
}

/** Takes each request through the stages, whichever version of HTTP it came by. */
export class RequestServer {
  readonly #parts: RequestServerParts
  readonly #host: ExchangeHost
  readonly #open = new OpenExchanges()
  readonly #stopping = new AbortController()
  #idle: (() => void) | undefined

  constructor(parts: RequestServerParts) {
    const { limits, context, proxies } = parts
    const fail = (exchange: HttpExchange, error: unknown): void => this.#fail(exchange, error)
    this.#parts = parts
    this.#host = { limits, proxies, memory: context, clock: context.clock, stopping: this.#stopping.signal, fail }
    // Every stream of events listens to it: there may be many, and none of them leaks.
    setMaxListeners(0, this.#stopping.signal)
  }

  serve(request: HttpRequest, response: HttpResponse): void {
    const exchange = this.#begin(request, response)
    this.#run(exchange, () => this.#parts.stages.serve(exchange))
  }

  /** A request was answered, or its client is gone. */
  ended(response: HttpResponse): void {
    const exchange = this.#open.of(response)
    if (!exchange) return
    this.#forget(exchange)
    this.#parts.stages.respond(exchange)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const response = new nodeHttp.ServerResponse(request)
    response.assignSocket(socket as Socket)
    response.once('finish', () => socket.end())
    const exchange = this.#begin(request, response)
    response.shouldKeepAlive = false
    socket.once('close', () => this.#forget(exchange))
    this.#run(exchange, () => this.#parts.stages.upgrade(exchange, socket, head))
  }

  /** The rest of a request will not come. */
  breakOff(response: HttpResponse, error: HttpError): void {
    const exchange = this.#open.of(response)
    if (!exchange || exchange.isBrokenOff || response.writableEnded) return
    this.#parts.context.count(`refused_${error.reason}`)
    exchange.breakOff(error)
  }

  /** From now on each answer is the last of its connection. Resolves when none is owed any more. */
  stop(): Promise<void> {
    for (const { response } of this.#open.all) response.shouldKeepAlive = false
    this.#stopping.abort()
    return this.#open.count === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve))
  }

  /** Those whose answer was not begun get a 503: whether what they asked for comes to be nobody can tell them any more. */
  giveUp(): void {
    for (const exchange of this.#open.all) exchange.problem(503, 'the agent is stopping', { 'retry-after': '1' })
  }

  #begin(request: HttpRequest, response: HttpResponse): HttpExchange {
    const exchange = new HttpExchange(request, response, this.#host)
    this.#open.add(exchange)
    if (this.#stopping.signal.aborted) response.shouldKeepAlive = false
    return exchange
  }

  #run(exchange: HttpExchange, serve: () => Owned): void {
    try {
      checkHead(exchange)
      const owned = serve()
      if (owned === false) notFound(exchange)
      else if (owned !== true)
        owned.then(
          (is) => is || notFound(exchange),
          (error: unknown) => this.#fail(exchange, error),
        )
    } catch (error) {
      this.#fail(exchange, error)
    }
  }

  #fail(exchange: HttpExchange, error: unknown): void {
    const { context } = this.#parts
    if (exchange.isBrokenOff) return
    const isRefusal = error instanceof HttpError
    if (!isRefusal && exchange.isAborted) return
    context.count(isRefusal ? `refused_${error.reason}` : 'failed_requests')
    if (!isRefusal) context.log.error('a request failed', { path: exchange.path, reason: messageOf(error) })
    // What has begun cannot be taken back: the client sees that it breaks off.
    if (exchange.isAnswered) exchange.response.destroy()
    else if (isRefusal) exchange.problem(error.status, error.message, { ...error.headers }, error.fields)
    else exchange.problem(500, 'the request failed; the log of the agent says why')
  }

  #forget(exchange: HttpExchange): void {
    exchange.end()
    this.#open.delete(exchange)
    if (this.#open.count === 0) this.#idle?.()
  }
}

function notFound(exchange: HttpExchange): true {
  return exchange.problem(404, 'there is nothing here')
}

/**
 * Where the next request begins behind one with such a head is anybody's guess. A path with `..` or `//` would be of one place for a
 * stage, and of another one for whoever it is passed on to.
 */
function checkHead({ request, response, limits, path }: HttpExchange): void {
  const problem = headProblem(request, limits)
  if (problem) {
    response.shouldKeepAlive = false
    throw problem
  }
  if (path.includes('//') || hasDotSegment(path))
    throw new HttpError(400, 'path: expected none with //, . or .. in it', { reason: 'bad_path' })
}
