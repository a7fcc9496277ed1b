/**
 * What Fluent Bit's files may say and Sluice has no option for. `ignored` names cost nothing when they are not heeded, and
 * say so in a warning; `unsupported` names would be a broken promise. `name=value` stands for that value alone, of an option
 * that Sluice has too; a name that ends in `*` stands for every name that begins so, unless the plugin has such options itself.
 */

import { ownOf } from '../base/own.js'
import type { PluginKind } from '../plugin/define.js'

export type Notes = { readonly [name: string]: string }

/** The note on a name whose value asks for what is the case anyway: nothing is told. */
export const fulfilled = ''

const logging: Notes = {
  log_level: '`service.log_level` sets the level for all plugins',
  log_suppress_interval: 'lines that repeat are counted and written once a minute',
}

/** Values that ask for what is the case anyway. */
const asItIs = (name: string, values: readonly string[] = ['off', 'false', 'no']): Notes =>
  Object.fromEntries(values.map((value) => [`${name}=${value}`, fulfilled]))

const memory = '`service.memory_limit` bounds what all inputs hold together'
const threads = 'inputs do not block one another'
const connections = '`flush_timeout` bounds each flush, connecting included'

export const ignoredOptions: { readonly [K in PluginKind]: Notes } = {
  input: {
    ...logging,
    mem_buf_limit: memory,
    'storage.type=memory': fulfilled,
    // Where the lane is not on disk, the check of the lanes says so.
    'storage.type=filesystem': fulfilled,
    'storage.type=memrb': `${memory}; \`full: drop_oldest\` lets the oldest events go`,
    'storage.pause_on_chunks_overlimit': `${memory}, and \`full\` says what happens then`,
    threaded: threads,
    'thread.ring_buffer.*': threads,
    ...asItIs('routable', ['on', 'true', 'yes']),
    rate_window: 'counters are totals, which the reader turns into rates',
    ...asItIs('rate_gate'),
    // Without `rate_gate` and `tls`, which are refused, these mean nothing.
    'rate_gate.*': fulfilled,
    ...asItIs('tls'),
    'tls.*': 'this input has no TLS',
    'net.*': 'this input has no such setting',
  },
  filter: logging,
  output: {
    ...logging,
    workers: '`max_in_flight` says how many flushes may run at once',
    // Bounds the disk of the default lane: see check-lanes.ts.
    'storage.total_limit_size': fulfilled,
    ...asItIs('tls'),
    ...asItIs('tls.verify_hostname', ['on', 'true', 'yes']),
    'tls.debug': 'what goes wrong with TLS is part of every error',
    'tls.*': 'this output has no TLS',
    'net.keepalive': connections,
    'net.keepalive_idle_timeout': connections,
    'net.keepalive_max_recycle': 'a connection is used for as long as it works',
    'net.tcp_keepalive*': 'the kernel probes idle connections after 30 seconds',
    'net.connect_timeout': connections,
    'net.connect_timeout_log_error': 'every failed flush is logged',
    'net.io_timeout': connections,
    'net.max_worker_connections': '`max_in_flight` says how many flushes may run at once',
    'net.dns.*': 'names are resolved as the system does it',
    'net.proxy_env_ignore': 'proxies that the environment names are not used',
    ...asItIs('ipv6'),
  },
  codec: {},
  stage: {},
}

const filtersInstead = 'write filters with a `match` on the tag instead'

export const unsupportedOptions: { readonly [K in PluginKind]: Notes } = {
  input: {
    'storage.type': 'write `storage.type: filesystem` or `memory`, or choose a `lane`',
    routable: 'leave the input out instead',
    processors: filtersInstead,
    routes: 'give outputs a `match` on the tag instead',
    rate_gate: 'give the input `full: wait` and the service a `memory_limit` instead',
    tag_regex: 'use the filter `rewrite_tag` instead',
    tls: 'this input has no TLS',
  },
  filter: { processors: filtersInstead },
  output: {
    processors: filtersInstead,
    tls: 'this output has no TLS',
    'tls.verify_hostname': 'leave it out: `tls.verify` checks the name too, and `tls.vhost` names another',
    'tls.ca_path': 'put the certificates into one file, and write that as `tls.ca_file`',
    'tls.max_version': 'leave it out: the newest version that both sides speak is taken',
    'tls.ciphers': 'leave it out, or start Node.js with `--tls-cipher-list`',
    'tls.proxy.*': 'leave it out: there are no proxies',
    'net.source_address': 'leave it out: the routes of the system choose the address',
    'net.*': 'this output has no such setting',
    host: 'leave it out: this output connects to no server',
    port: 'leave it out: this output connects to no server',
    ipv6: 'write an IPv6 address as `host` instead',
    upstream: 'write `host` and `port` of one server instead',
  },
  codec: {},
  stage: {},
}

/** The note on a name in lower case with its value, if the table has one. Of a name that is `known` only that on the value. */
export function noteOn(notes: Notes, name: string, value: unknown, known: ReadonlySet<string>): string | undefined {
  const onValue = notes[`${name}=${String(value).toLowerCase()}`]
  if (onValue !== undefined || known.has(name)) return onValue
  const note = ownOf(notes, name)
  if (note !== undefined) return note
  for (const [pattern, general] of Object.entries(notes)) {
    const prefix = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined
    if (prefix === undefined || !name.startsWith(prefix)) continue
    if (![...known].some((other) => other.startsWith(prefix))) return general
  }
  return undefined
}
