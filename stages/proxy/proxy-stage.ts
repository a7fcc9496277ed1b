import type { Duplex } from 'node:stream'
import { aborted, declaredBytes, HttpError, type HttpExchange, type Stage } from 'sluice/http'
import { type GroupSettings, type Member, ServerGroup } from 'sluice/net'
import type { PluginContext } from 'sluice/plugin'
import { Attempt, type AttemptSettings } from './attempt.js'
import type { TunnelEnd } from './tunnel.js'
import type { Upstream } from './upstream.js'
import { UpstreamFailure } from './upstream-failure.js'

export interface ProxySettings extends GroupSettings<Upstream>, AttemptSettings {
  readonly attempts: number
}

/** Passes requests on to upstreams, to another one where one fails and no harm can come of it. */
export class ProxyStage implements Stage {
  readonly #settings: ProxySettings
  readonly #context: PluginContext
  readonly #group: ServerGroup<Upstream>

  constructor(settings: ProxySettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#group = new ServerGroup(settings, context)
  }

  async handle(exchange: HttpExchange): Promise<true> {
    await this.#serve(exchange, undefined)
    return true
  }

  async onUpgrade(exchange: HttpExchange, socket: Duplex, head: Buffer): Promise<true> {
    if (declaredBytes(exchange) !== 0)
      throw new HttpError(400, 'expected no body beside an upgrade', { reason: 'body_of_upgrade' })
    await this.#serve(exchange, { socket, head })
    return true
  }

  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal)
    this.#group.close()
    for (const upstream of this.#settings.servers) upstream.close()
  }

  async #serve(exchange: HttpExchange, client: TunnelEnd | undefined): Promise<void> {
    const tried = new Set<Member<Upstream>>()
    for (let left = this.#settings.attempts; left > 0; left--) {
      const member = this.#next(exchange.clientAddress, tried)
      tried.add(member)
      const failure = await this.#attempt(exchange, member, client)
      if (!failure) return
      this.#group.failed(member, failure.why)
      if (left === 1 || !failure.isRepeatable) throw failure
    }
  }

  /** Where all were tried that are worth it, one is asked again. */
  #next(client: string, tried: ReadonlySet<Member<Upstream>>): Member<Upstream> {
    return this.#group.next(tried, client) ?? (this.#group.next(new Set(), client) as Member<Upstream>)
  }

  /** How it failed, if it did. */
  async #attempt(
    exchange: HttpExchange,
    member: Member<Upstream>,
    client: TunnelEnd | undefined,
  ): Promise<UpstreamFailure | undefined> {
    const { server: upstream } = member
    const attempt = new Attempt({ exchange, upstream, client, settings: this.#settings, clock: this.#context.clock })
    member.active++
    try {
      const answer = await attempt.ask()
      this.#group.succeeded(member)
      await attempt.deliver(answer)
      return undefined
    } catch (error) {
      if (attempt.isAbandoned) return undefined
      if (error instanceof UpstreamFailure) return error
      throw error
    } finally {
      attempt.end()
      member.active--
    }
  }
}
