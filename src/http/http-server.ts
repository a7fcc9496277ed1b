import type { Socket } from 'node:net'

import { Connections } from './connections.js'
import { Front } from './front.js'
import type { HttpError } from './http-error.js'
import { Http1 } from './http1.js'
import { Http2 } from './http2.js'
import type { ForwardedBy } from './hops.js'
import type { HttpLimits } from './limits.js'
import type { ListenAddress } from '../net/listen-address.js'
import { Listeners } from '../net/listeners.js'
import type { HttpRequest, HttpResponse } from './messages.js'
import { ProxyHeaders } from '../net/proxy-headers.js'
import { RequestServer } from './request-server.js'
import type { ServerContext } from './server-context.js'
import type { PlacedStage } from './stage.js'
import { StageRunner } from './stage-runner.js'
import type { TlsServerSettings } from '../net/tls-server-options.js'
import type { ProxySettings } from '../net/trusted-proxies.js'

export interface HttpServerSettings {
  readonly listen: readonly ListenAddress[]
  readonly limits: HttpLimits
  readonly tls?: TlsServerSettings | undefined
  /** Whether clients may speak HTTP/2: over TLS by ALPN, else by prior knowledge. */
  readonly http2?: boolean
  /** Those in front of it, if any, and how they tell who their clients are. */
  readonly proxies?: (ProxySettings & ForwardedBy) | undefined
  /** Asked in this order. */
  readonly stages: readonly PlacedStage[]
  /** Called once, with the addresses as they came to be. */
  readonly listening?: (addresses: readonly string[]) => void
}

/** What clients get to hear that they are given up, before their connections are closed. */
const lastWordsMs = 200

/** Listeners, and behind them the connections and requests of one set of stages. */
export class HttpServer {
  readonly #settings: HttpServerSettings
  readonly #context: ServerContext
  readonly #proxyHeaders: ProxyHeaders | undefined
  readonly #connections: Connections
  readonly #requests: RequestServer
  readonly #front: Front
  readonly #http1: Http1
  readonly #http2: Http2
  readonly #listeners = new Listeners()

  constructor(settings: HttpServerSettings, context: ServerContext) {
    const { limits, tls, http2 = true, proxies } = settings
    const stages = new StageRunner(settings.stages)
    const refused = (reason: string): void => context.count(`refused_${reason}`)
    this.#settings = settings
    this.#context = context
    this.#requests = new RequestServer({ limits, stages, proxies, context })
    this.#proxyHeaders = proxyHeaders(settings, context, refused)
    this.#connections = new Connections({ limits, stages, proxies: proxies?.trusted, refused })
    const requests = {
      limits,
      clock: context.clock,
      refused,
      request: (request: HttpRequest, response: HttpResponse) => this.#requests.serve(request, response),
      ended: (response: HttpResponse) => this.#requests.ended(response),
      brokenOff: (response: HttpResponse, error: HttpError) => this.#requests.breakOff(response, error),
    }
    this.#http1 = new Http1({ ...requests, upgrade: (...asked) => this.#requests.upgrade(...asked) })
    this.#http2 = new Http2(requests)
    this.#front = new Front({
      ...{ limits, tls, http2, context, refused },
      http1Comes: (socket, connection) => this.#http1.take(socket, connection),
      http2Comes: (socket) => this.#http2.take(socket),
    })
  }

  /**
   * Throws an AgentError: `NET_LISTEN` where one of the addresses cannot be listened on, `NET_TLS_FILE` where a certificate cannot
   * be used. `failed` is called when the former happens later.
   */
  async listen(failed: (error: Error) => void): Promise<void> {
    const { listen, listening } = this.#settings
    const connected = (socket: Socket, address: string): void => this.#accepted(socket, address)
    await this.#front.open()
    if (!(await this.#listeners.open(listen, { connected, failed }))) return this.#front.close()
    listening?.(this.#listeners.addresses)
  }

  /** Takes nothing new, gives what is being served some time, and closes every connection. */
  async stop(): Promise<void> {
    this.#listeners.close()
    this.#proxyHeaders?.close()
    this.#front.close()
    const answered = this.#requests.stop()
    this.#http1.closeIdle()
    this.#http2.stop()
    await this.#atMost(this.#settings.limits.drainMs, answered)
    this.#requests.giveUp()
    await this.#atMost(lastWordsMs, answered)
    this.#http1.close()
    this.#connections.closeAll()
  }

  async #atMost(milliseconds: number, done: Promise<void>): Promise<void> {
    const enough = new AbortController()
    await Promise.race([done, this.#context.clock.sleep(milliseconds, enough.signal)])
    enough.abort()
  }

  #accepted(socket: Socket, address: string): void {
    if (this.#proxyHeaders) this.#proxyHeaders.take(socket, () => this.#connected(socket, address))
    else this.#connected(socket, address)
  }

  #connected(socket: Socket, address: string): void {
    const connection = this.#connections.admit(socket, address)
    if (connection) this.#front.take(socket, connection)
  }
}

function proxyHeaders(
  { proxies, limits }: HttpServerSettings,
  { clock }: ServerContext,
  refused: (reason: string) => void,
): ProxyHeaders | undefined {
  if (!proxies?.protocol) return undefined
  const { trusted } = proxies
  return new ProxyHeaders({ trusted, longestMs: limits.headerMs, most: limits.connections, clock, refused })
}
