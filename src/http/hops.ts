import { canonicalAddress } from '../net/network.js'
import type { TrustedProxies } from '../net/trusted-proxies.js'

/** How proxies tell whom they pass on: in the header that all of them extend, and no client can. */
export interface ForwardedBy {
  readonly trusted: TrustedProxies
  readonly header: 'x-forwarded-for' | 'forwarded'
}

/**
 * From the client to the peer of the connection, which is a trusted proxy: each of them believed the one before, and told of it at the
 * end of the header. So it is read from its end, as far as trusted proxies wrote it: what stands before anybody may have made up. Where
 * they tell of something else than an address, or of nobody, whoever tells so is the first that is known.
 */
export function hopsOf(value: string, peer: string, { trusted, header }: ForwardedBy): readonly string[] {
  const hops = [peer]
  for (const element of elementsFromTheEnd(value)) {
    const address = addressOf(header === 'forwarded' ? forParameter(element) : element)
    if (address === undefined) break
    hops.unshift(address)
    if (!trusted.has(address)) break
  }
  return hops
}

/**
 * The elements of a list (RFC 9110, section 5.6.1), but for those that are empty. A quote that is left open in front of them is of no
 * consequence, as it would be to who reads from the beginning.
 */
function* elementsFromTheEnd(list: string): Generator<string> {
  let isQuoted = false
  let end = list.length
  for (let at = list.length - 1; at >= 0; at--) {
    const char = list[at]
    if (char === '"' && !isEscaped(list, at)) isQuoted = !isQuoted
    if (char !== ',' || isQuoted) continue
    yield* filled(list.slice(at + 1, end))
    end = at
  }
  yield* filled(list.slice(0, end))
}

function filled(element: string): readonly string[] {
  const text = element.trim()
  return text === '' ? [] : [text]
}

function isEscaped(text: string, at: number): boolean {
  let from = at
  while (text[from - 1] === '\\') from--
  return (at - from) % 2 === 1
}

const pair = /[\s;]*([!#$%&'*+.^`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))\s*(?:;[\s;]*|$)/y

/** Of one element of `Forwarded` (RFC 7239, section 4); undefined where it is malformed, or there is not exactly one. */
function forParameter(element: string): string | undefined {
  const found: string[] = []
  pair.lastIndex = 0
  while (pair.lastIndex < element.length) {
    const [all, name = '', quoted, token = ''] = pair.exec(element) ?? []
    if (all === undefined) return undefined
    if (name.toLowerCase() === 'for') found.push(quoted ?? token)
  }
  return found.length === 1 ? found[0] : undefined
}

/** With a port behind it or none (RFC 7239, section 6); many write an IPv6 address without the brackets in the older header. */
const node = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]{1,64}))?$/i

function addressOf(text = ''): string | undefined {
  const [, ipv6, ipv4] = node.exec(text) ?? []
  return canonicalAddress(ipv6 ?? ipv4 ?? text)
}
