import type { Agent, ClientRequest, OutgoingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { nodeHttp } from 'sluice/http'
import { connect, type Server, type Target, type TlsSettings } from 'sluice/net'
import type { UpstreamAddress } from './upstream-address.js'

/** What an upstream is asked. */
export interface UpstreamRequest {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders
}

/** Connections that wait for their next request, to one upstream. */
const idleConnections = 16
/** Shorter than what servers wait for the next request: one that they close as it comes would fail. */
const idleMs = 4000

/** One upstream, and its connections. */
export class Upstream implements Server {
  readonly address: UpstreamAddress
  readonly #agent: Agent
  readonly #tls: () => TlsSettings | undefined

  /** `tls` is asked anew for each request, so that a renewed certificate serves the next connection. */
  constructor(address: UpstreamAddress, tls: () => TlsSettings | undefined) {
    const { Agent } = address.isSecure ? process.getBuiltinModule('node:https') : nodeHttp
    this.address = address
    this.#tls = tls
    this.#agent = new Agent({ keepAlive: true, maxFreeSockets: idleConnections, timeout: idleMs })
  }

  get where(): string {
    return this.address.origin
  }

  get target(): Target {
    return this.address.target
  }

  get weight(): number {
    return this.address.weight
  }

  get isStandby(): boolean {
    return this.address.isStandby
  }

  /** Resolves when it can be connected to, as a request would be. */
  async probe(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const tls = this.address.isSecure ? this.#tlsSettings() : undefined
    const socket = await connect(this.target, { timeoutMs, signal, tls })
    socket.destroy()
  }

  /** Nothing of it is sent before something is written to it, or it is ended. */
  open(request: UpstreamRequest): ClientRequest {
    const { target, isSecure } = this.address
    const where = 'path' in target ? { socketPath: target.path } : { host: target.host, port: target.port }
    const common = { ...request, ...where, agent: this.#agent, setHost: false }
    if (!isSecure) return nodeHttp.request(common)
    return process.getBuiltinModule('node:https').request({ ...common, ...this.#tlsSettings() })
  }

  close(): void {
    this.#agent.destroy()
  }

  /** Node would take the name for the certificate from the header `Host`, which may be that of the client's request. */
  #tlsSettings(): TlsSettings {
    const { target } = this.address
    const servername = 'host' in target && isIP(target.host) === 0 ? target.host : ''
    return { servername, ...this.#tls() }
  }
}
