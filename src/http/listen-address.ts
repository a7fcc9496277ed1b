import { AgentError } from '../plugin/errors.js'
import type { Target } from '../net/target.js'

const withPort = /^(?:\[([\da-fA-F:.%\w]+)\]|([^\s/:[\]]+)):(\d{1,5})$/
const hostAlone = /^(?:\[([\da-fA-F:.%\w]+)\]|([^\s/:[\]]+|[\da-fA-F.]*(?::[\da-fA-F.]*){2,}(?:%\w+)?))$/

/** Reads one address of the option `listen`. Throws an AgentError `HTTP_LISTEN_ADDRESS`. */
export function parseListen(text: string, defaultPort: number): Target {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) }
  const found = withPort.exec(text)
  if (found) return { host: found[1] ?? found[2] ?? '', port: portIn(found[3] ?? '', text) }
  const host = hostAlone.exec(text)
  if (host) return { host: host[1] ?? host[2] ?? '', port: defaultPort }
  throw unreadable(text)
}

function portIn(digits: string, text: string): number {
  const port = Number(digits)
  if (port > 65_535) throw unreadable(text)
  return port
}

function unreadable(text: string): AgentError {
  const forms = 'HOST, HOST:PORT, [IPV6]:PORT or unix:/PATH'
  return new AgentError('HTTP_LISTEN_ADDRESS', `listen: expected ${forms}, got "${text}"`)
}
