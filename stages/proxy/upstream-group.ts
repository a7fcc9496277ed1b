import type { TlsSettings } from 'sluice/net'
import type { PluginContext } from 'sluice/plugin'
import { type Balance, chooser, type Choose } from './balance.js'
import { Upstream } from './upstream.js'
import type { UpstreamAddress } from './upstream-address.js'

export interface GroupSettings {
  readonly addresses: readonly UpstreamAddress[]
  readonly balance: Balance
  readonly mostFailures: number
  readonly offlineMs: number
  /** Of https, with the files as they are now. */
  readonly tls: () => TlsSettings | undefined
}

/** All upstreams of a proxy: which one is next, and which are passed over for a while because they failed. */
export class UpstreamGroup {
  readonly #settings: GroupSettings
  readonly #context: PluginContext
  readonly #upstreams: readonly Upstream[]
  readonly #choose: Choose<Upstream>

  constructor(settings: GroupSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#upstreams = settings.addresses.map((address) => new Upstream(address, settings.tls))
    this.#choose = chooser(settings.balance)
  }

  /** Those that were tried already come last, and before them those that are offline: so nobody is refused without a try. */
  next(client: string, tried: ReadonlySet<Upstream>): Upstream {
    const nowMs = this.#context.clock.monotonic()
    const untried = this.#upstreams.filter((upstream) => !tried.has(upstream))
    const online = untried.filter((upstream) => upstream.isOnline(nowMs))
    return this.#choose([online, untried, this.#upstreams].find(({ length }) => length > 0) ?? [], client)
  }

  succeeded(upstream: Upstream): void {
    if (upstream.succeeded()) this.#context.log.info('upstream is back', { upstream: upstream.address.origin })
  }

  failed(upstream: Upstream, reason: string): void {
    const { clock, log } = this.#context
    const { mostFailures, offlineMs } = this.#settings
    this.#context.count('failed_attempts')
    if (upstream.failed(clock.monotonic(), mostFailures, offlineMs))
      log.warn('upstream is offline', { upstream: upstream.address.origin, reason })
  }

  close(): void {
    for (const upstream of this.#upstreams) upstream.close()
  }
}
