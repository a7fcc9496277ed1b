import { AgentError } from '../plugin/errors.js'
import type { UpstreamNode } from '../plugin/options.js'
import type { ServerOf } from './server.js'
import { serverWords } from './server-words.js'
import { type Target, targetText } from './target.js'
import type { UpstreamValues } from './upstream-options.js'

/**
 * The servers that the options name; one where they name a single one. `targetOf` says which that is, so it knows the port where
 * none is written. Throws an AgentError `NET_SERVERS`.
 */
export function serversOf<O extends Partial<Pick<UpstreamValues, 'servers' | 'upstream'>>>(
  options: O,
  targetOf: (options: O) => Target,
): readonly ServerOf<O>[] {
  const { servers, upstream } = options
  if (upstream) return unalike(upstream.map((node) => nodeServer(node, targetOf)))
  if (servers === undefined) return [serverOf(options, targetOf(options))]
  if (servers.length === 0) throw new AgentError('NET_SERVERS', 'servers: expected one or more, got none')
  return unalike(servers.map((text) => namedServer(text, options, targetOf)))
}

function unalike<O>(servers: readonly ServerOf<O>[]): readonly ServerOf<O>[] {
  const twice = servers.find(({ where }, at) => servers.findIndex((other) => other.where === where) < at)
  if (!twice) return servers
  throw new AgentError('NET_SERVERS', `servers: "${twice.where}" is there twice; leave one out, or give it more weight`)
}

/** A server of a group, whose options the check of the configuration has read as those of the output. */
function nodeServer<O>(
  { name, weight, standby, options }: UpstreamNode,
  targetOf: (options: O) => Target,
): ServerOf<O> {
  const server = serverOf(options as O, targetOf(options as O))
  const where = name === undefined ? server.where : `${name} (${server.where})`
  return { ...server, where, weight, isStandby: standby }
}

/** One word of `servers`, with options in which it stands for the one server. */
function namedServer<O>(text: string, options: O, targetOf: (options: O) => Target): ServerOf<O> {
  const { address = '', ...more } = serverWords(text) ?? {}
  const place = unixPlace(address) ?? hostPlace(address)
  if (!place) throw noServer(text)
  if ('path' in place) return { ...serverOf(options, place), ...more }
  const own = { ...options, ...place }
  return { ...serverOf<O>(own, targetOf(own)), ...more }
}

const unix = /^unix:(\/\S*)$/
const hosted = /^(?:\[([\da-fA-F:.]+(?:%\w+)?)\]|([^\s:/?#@[\]]+))(?::([1-9]\d{0,4}))?$/

function unixPlace(address: string): { readonly path: string } | undefined {
  const [, path] = unix.exec(address) ?? []
  return path === undefined ? undefined : { path }
}

function hostPlace(address: string): { readonly host: string; readonly port?: number } | undefined {
  const [, ipv6, name = ipv6, digits] = hosted.exec(address) ?? []
  if (name === undefined) return undefined
  if (digits === undefined) return { host: name }
  const port = Number(digits)
  return port > 65_535 ? undefined : { host: name, port }
}

function serverOf<O>(options: O, target: Target): ServerOf<O> {
  return { where: targetText(target), target, weight: 1, isStandby: false, options }
}

function noServer(text: string): AgentError {
  const forms = 'HOST, HOST:PORT or unix:/PATH, with " weight=N" or " standby" behind it or not'
  return new AgentError('NET_SERVERS', `servers: expected ${forms}, got "${text}"`)
}
