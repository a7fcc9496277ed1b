import {
  choice,
  duration,
  integer,
  list,
  type Option,
  type UpstreamNode,
  upstreamName,
  type ValuesOf,
} from '../plugin/options.js'
import type { Server } from './server.js'
import type { GroupSettings } from './server-group.js'

/**
 * The option that names a group of `upstream_servers`. `perServer` are options of the output that each server may have of its own,
 * besides `host`, `port` and those of TLS: whoever sends reads them off `server.options`.
 */
export function upstreamOption(...perServer: readonly string[]): Option<readonly UpstreamNode[] | undefined> {
  return upstreamName('Group of `upstream_servers`, or file with one, to send to instead of `host`.', perServer)
}

/** The options of every output that sends to one of several servers. */
export const upstreamOptions = {
  servers: list(
    'Servers to send to instead of `host`: `HOST`, `HOST:PORT` or `unix:/PATH`, each with ` weight=N` or ` standby` behind it or not.',
  ),
  upstream: upstreamOption(),
  balance: choice(
    'Which of several servers is sent to: each in turn, the first that is online, or the one that has least to do.',
    ['round_robin', 'failover', 'least_connections'],
    { default: 'round_robin' },
  ),
  max_failures: integer('Failures in a row after which one of several servers is offline: others are sent to.', {
    default: 1,
    minimum: 1,
  }),
  probe_interval: duration('Between two tries whether a server that is offline can be connected to again.', {
    default: '5s',
    minimum: 100,
  }),
} as const

export type UpstreamValues = ValuesOf<typeof upstreamOptions>

/** What the options say of a group, but for its servers and how they are probed. */
export function groupSettings(options: UpstreamValues): Omit<GroupSettings<Server>, 'servers' | 'probe'> {
  return { balance: options.balance, maxFailures: options.max_failures, probeMs: options.probe_interval }
}
