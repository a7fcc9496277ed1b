import { type Target, targetText } from 'sluice/net'
import { AgentError } from 'sluice/plugin'

/** One server that requests are passed on to, as the option says it. */
export interface UpstreamAddress {
  /** `http://host:port`, `https://host:port` or `unix:/path`. */
  readonly origin: string
  readonly target: Target
  readonly isSecure: boolean
  /** What it is called in the header `Host`. */
  readonly host: string
  readonly weight: number
}

const weighted = /^(.*?)(?:\s+weight=([1-9]\d{0,2}))?$/
const unix = /^unix:(\/\S*)$/
const web = /^(https?):\/\/((?:\[([\da-fA-F:.]+(?:%\w+)?)\]|([^\s:/?#@[\]]+))(?::(\d{1,5}))?)\/?$/

/** Reads one word of the option `upstreams`. Throws an AgentError `PROXY_UPSTREAM`. */
export function parseUpstream(text: string): UpstreamAddress {
  const [, address = '', weight = '1'] = weighted.exec(text) ?? []
  const parsed = unixAddress(address) ?? webAddress(address)
  if (parsed) return { ...parsed, weight: Number(weight) }
  const forms = 'http://HOST:PORT, https://HOST:PORT or unix:/PATH, with " weight=N" behind it or not'
  throw new AgentError('PROXY_UPSTREAM', `upstreams: expected ${forms}, got "${text}"; a path goes into rewrite`)
}

function unixAddress(text: string): Omit<UpstreamAddress, 'weight'> | undefined {
  const [, path] = unix.exec(text) ?? []
  return path === undefined ? undefined : { origin: text, target: { path }, isSecure: false, host: 'localhost' }
}

function webAddress(text: string): Omit<UpstreamAddress, 'weight'> | undefined {
  const [found, scheme = '', authority = '', ipv6, name = '', digits] = web.exec(text) ?? []
  const isSecure = scheme === 'https'
  const port = Number(digits ?? (isSecure ? 443 : 80))
  if (found === undefined || port > 65_535) return undefined
  const target = { host: ipv6 ?? name, port }
  return { origin: `${scheme}://${targetText(target)}`, target, isSecure, host: authority }
}
