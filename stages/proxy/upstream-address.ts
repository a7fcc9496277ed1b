import { serverWords, type Target, targetText } from 'sluice/net'
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
  readonly isStandby: boolean
}

type Place = Omit<UpstreamAddress, 'weight' | 'isStandby'>

const unix = /^unix:(\/\S*)$/
const web = /^(https?):\/\/((?:\[([\da-fA-F:.]+(?:%\w+)?)\]|([^\s:/?#@[\]]+))(?::(\d{1,5}))?)\/?$/

/** Reads one word of the option `upstreams`. Throws an AgentError `PROXY_UPSTREAM`. */
export function parseUpstream(text: string): UpstreamAddress {
  const { address = '', weight = 1, isStandby = false } = serverWords(text) ?? {}
  const parsed = unixAddress(address) ?? webAddress(address)
  if (parsed) return { ...parsed, weight, isStandby }
  const forms = 'http://HOST:PORT, https://HOST:PORT or unix:/PATH, with " weight=N" or " standby" behind it or not'
  throw new AgentError('PROXY_UPSTREAM', `upstreams: expected ${forms}, got "${text}"; a path goes into rewrite`)
}

function unixAddress(text: string): Place | undefined {
  const [, path] = unix.exec(text) ?? []
  return path === undefined ? undefined : { origin: text, target: { path }, isSecure: false, host: 'localhost' }
}

function webAddress(text: string): Place | undefined {
  const [found, scheme = '', authority = '', ipv6, name = '', digits] = web.exec(text) ?? []
  const isSecure = scheme === 'https'
  const port = Number(digits ?? (isSecure ? 443 : 80))
  if (found === undefined || port > 65_535) return undefined
  const target = { host: ipv6 ?? name, port }
  return { origin: `${scheme}://${targetText(target)}`, target, isSecure, host: authority }
}
