import { BlockList, isIP } from 'node:net'

import { AgentError } from '../plugin/errors.js'
import { parseNetwork, withoutMapping } from './network.js'

/** Addresses and networks of both families; an IPv4 address is itself alone, however IPv6 writes it. */
export class AddressSet {
  /** Apart, since a network of IPv6 such as `::/0` would hold every IPv4 address. */
  readonly #ipv4 = new BlockList()
  readonly #ipv6 = new BlockList()

  /** Throws an AgentError NET_NETWORK, which names the option, for a text that is no address or network. */
  constructor(option: string, texts: readonly string[]) {
    for (const text of texts) this.#add(option, text)
  }

  /** Of any text but an address it is false. */
  has(address: string): boolean {
    const bare = withoutMapping(withoutZone(address))
    const family = isIP(bare)
    if (family === 4) return this.#ipv4.check(bare, 'ipv4')
    return family === 6 && this.#ipv6.check(bare, 'ipv6')
  }

  #add(option: string, text: string): void {
    const network = parseNetwork(text)
    if (!network) {
      const forms = 'an address or a network such as 192.168.1.0/24 or fd00::/8'
      throw new AgentError('NET_NETWORK', `${option}: expected ${forms}, got "${text}"`)
    }
    const { family, address, length } = network
    if (family === 4) this.#ipv4.addSubnet(address, length, 'ipv4')
    else this.#ipv6.addSubnet(address, length, 'ipv6')
  }
}

/** Link-local addresses have the zone behind them, which means something on this machine alone (RFC 4007, section 11). */
function withoutZone(address: string): string {
  const at = address.indexOf('%')
  return at < 0 ? address : address.slice(0, at)
}
