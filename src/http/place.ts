import type { HttpExchange } from './http-exchange.js'
import { normalPath } from './normal-path.js'
import type { Place } from './stage.js'

/** Whether a request is in a place; made once, so that most requests cost one comparison. */
export function placeTest({ hosts = [], path = '/' }: Place): (exchange: HttpExchange) => boolean {
  const prefix = normalPath(path.endsWith('/') ? path.slice(0, -1) : path)
  const isHost = hostTest(hosts)
  if (prefix === '') return hosts.length === 0 ? () => true : ({ host }) => isHost(host)
  return ({ host, path: asked }) => isBelow(normalPath(asked), prefix) && isHost(host)
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f)
}

function hostTest(hosts: readonly string[]): (host: string) => boolean {
  if (hosts.length === 0) return () => true
  const exact = new Set(hosts.filter((host) => !host.startsWith('*.')))
  const endings = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1))
  return (host) => exact.has(host) || endings.some((ending) => host.endsWith(ending))
}
