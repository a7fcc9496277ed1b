import { AgentError } from '../plugin/errors.js'
import { flag, list, type ValuesOf } from '../plugin/options.js'
import { AddressSet } from './address-set.js'

/** Whom a server believes when they say for whom they speak. */
export const proxyOptions = {
  trusted_proxies: list(
    'Addresses and networks of proxies and load balancers in front, which are believed when they say who their client is; `unix` for those that come over a unix socket. By default none.',
  ),
  proxy_protocol: flag(
    'Every connection begins with a header of the PROXY protocol, version 1 or 2, before any TLS; only `trusted_proxies` may connect.',
    { default: false },
  ),
} as const

export interface ProxySettings {
  readonly trusted: TrustedProxies
  /** Whether connections begin with a header of the PROXY protocol. */
  readonly protocol: boolean
}

/** The proxies in front of a server. */
export class TrustedProxies {
  readonly #addresses: AddressSet
  readonly #isUnix: boolean

  /** Throws an AgentError NET_NETWORK. */
  constructor(texts: readonly string[]) {
    const addresses = texts.filter((text) => text !== 'unix')
    this.#isUnix = addresses.length < texts.length
    this.#addresses = new AddressSet('trusted_proxies', addresses)
  }

  /** An empty address is that of a unix socket. */
  has(address: string): boolean {
    return address === '' ? this.#isUnix : this.#addresses.has(address)
  }
}

/** Undefined where there are none. Throws an AgentError: `NET_NETWORK`, or `NET_PROXY_PROTOCOL` for headers that nobody may send. */
export function readProxies(options: ValuesOf<typeof proxyOptions>): ProxySettings | undefined {
  const { trusted_proxies: texts = [], proxy_protocol: protocol } = options
  if (texts.length > 0) return { trusted: new TrustedProxies(texts), protocol }
  if (!protocol) return undefined
  const advice = 'name those that send the header, since whoever may send it can be anybody'
  throw new AgentError(
    'NET_PROXY_PROTOCOL',
    `trusted_proxies: expected the addresses of the proxies beside proxy_protocol, got none; ${advice}`,
  )
}
