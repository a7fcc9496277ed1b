import type { Target } from 'sluice/net'
import { AgentError } from 'sluice/plugin'

const hostPort = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/

/** Reads the option `upstream`. Throws an AgentError `FASTCGI_UPSTREAM`. */
export function parseUpstream(text: string): Target {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) }
  if (text.startsWith('/')) return { path: text }
  const [, ipv6, name = '', digits] = hostPort.exec(text) ?? []
  const port = Number(digits)
  if (digits !== undefined && port <= 65_535) return { host: ipv6 ?? name, port }
  throw new AgentError('FASTCGI_UPSTREAM', `upstream: expected HOST:PORT or unix:/PATH, got "${text}"`)
}
