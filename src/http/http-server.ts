import type { Server } from 'node:http'
import type { Socket } from 'node:net'

import { Connections } from './connections.js'
import { createHttp1 } from './http1.js'
import type { HttpLimits } from './limits.js'
import type { ListenAddress } from './listen-address.js'
import type { Listener } from './listener.js'
import { openListeners } from './open-listener.js'
import { RequestServer } from './request-server.js'
import type { ServerContext } from './server-context.js'
import type { PlacedStage } from './stage.js'
import { StageRunner } from './stage-runner.js'
import type { TlsServerSettings } from './tls-server-options.js'

export interface HttpServerSettings {
  readonly listen: readonly ListenAddress[]
  readonly limits: HttpLimits
  readonly tls?: TlsServerSettings | undefined
  /** Whether clients may speak HTTP/2: over TLS by ALPN, else by prior knowledge. */
  readonly http2?: boolean
  /** Asked in this order. */
  readonly stages: readonly PlacedStage[]
  /** Called once, with the addresses as they came to be. */
  readonly listening?: (addresses: readonly string[]) => void
}

/** Listeners, and behind them the connections and requests of one set of stages. */
export class HttpServer {
  readonly #settings: HttpServerSettings
  readonly #context: ServerContext
  readonly #connections: Connections
  readonly #requests: RequestServer
  readonly #http1: Server
  readonly #listeners: Listener[] = []

  constructor(settings: HttpServerSettings, context: ServerContext) {
    const { limits } = settings
    const stages = new StageRunner(settings.stages)
    const refused = (reason: string): void => context.count(`refused_${reason}`)
    this.#settings = settings
    this.#context = context
    this.#requests = new RequestServer({ limits, stages, context })
    this.#connections = new Connections({ limits, stages, refused })
    this.#http1 = createHttp1({
      limits,
      refused,
      request: (request, response) => this.#requests.serve(request, response),
      upgrade: (request, socket, head) => this.#requests.upgrade(request, socket, head),
    })
  }

  /** Throws an AgentError `HTTP_LISTEN` where one of the addresses cannot be listened on. `failed` is called when that happens later. */
  async listen(failed: (error: Error) => void): Promise<void> {
    const { listen, listening } = this.#settings
    const connected = (socket: Socket, address: string): void => this.#connected(socket, address)
    for (const address of listen) this.#listeners.push(...(await openListeners({ address, connected, failed })))
    listening?.(this.#listeners.map(({ address }) => address))
  }

  /** Takes nothing new, gives what is being served some time, and closes every connection. */
  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.close()
    const answered = this.#requests.stop()
    this.#http1.closeIdleConnections()
    const enough = new AbortController()
    await Promise.race([answered, this.#context.clock.sleep(this.#settings.limits.drainMs, enough.signal)])
    enough.abort()
    this.#requests.giveUp()
    this.#http1.close()
    this.#connections.closeAll()
  }

  #connected(socket: Socket, address: string): void {
    if (this.#connections.admit(socket, address)) this.#http1.emit('connection', socket)
  }
}
