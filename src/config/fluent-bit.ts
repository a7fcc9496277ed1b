/**
 * What Fluent Bit's files may say and Sluice has no option for. `ignored` names cost nothing when they are not heeded, and
 * say so in a warning; `unsupported` names would be a broken promise. `name=value` stands for that value alone, a name that
 * ends in `*` for every name that begins so, unless the plugin has such options itself.
 */

import type { PluginKind } from '../plugin/define.js'

export type Notes = { readonly [name: string]: string }

/** The note on a name whose value asks for what is the case anyway: nothing is told. */
export const fulfilled = ''

const logging: Notes = {
  log_level: '`service.log_level` sets the level for all plugins',
  log_suppress_interval: 'lines that repeat are counted and written once a minute',
}

const memory = '`service.memory_limit` bounds what all inputs hold together'
const threads = 'inputs do not block one another'
const connections = '`flush_timeout` bounds each flush, connecting included'

export const ignoredOptions: { readonly [K in PluginKind]: Notes } = {
  input: {
    ...logging,
    mem_buf_limit: memory,
    'storage.type=memory': fulfilled,
    'storage.type=memrb': `${memory}; \`full: drop_oldest\` lets the oldest events go`,
    'storage.pause_on_chunks_overlimit': `${memory}, and \`full\` says what happens then`,
    threaded: threads,
    'thread.ring_buffer.*': threads,
    'routable=true': fulfilled,
    'routable=on': fulfilled,
    rate_window: 'counters are totals, which the reader turns into rates',
    'rate_gate=false': fulfilled,
    'rate_gate=off': fulfilled,
    'tls=off': fulfilled,
    'tls=false': fulfilled,
    'net.*': 'this input has no such setting',
  },
  filter: logging,
  output: {
    ...logging,
    workers: '`max_in_flight` says how many flushes may run at once',
    'storage.total_limit_size': '`service.memory_limit` bounds what waits for all outputs together',
    'tls=off': fulfilled,
    'tls=false': fulfilled,
    'net.keepalive*': connections,
    'net.tcp_keepalive*': connections,
    'net.connect_timeout*': connections,
    'net.io_timeout': connections,
    'net.max_worker_connections': '`max_in_flight` says how many flushes may run at once',
    'net.dns.*': 'names are resolved as the system does it',
    'ipv6=off': fulfilled,
    'ipv6=false': fulfilled,
  },
  codec: {},
}

const filtersInstead = 'write filters with a `match` on the tag instead'

export const unsupportedOptions: { readonly [K in PluginKind]: Notes } = {
  input: {
    'storage.type': 'events are kept in memory, so write `storage.type: memory` or leave it out',
    routable: 'leave the input out instead',
    processors: filtersInstead,
    routes: 'give outputs a `match` on the tag instead',
    'rate_gate*': 'give the input `full: wait` and the service a `memory_limit` instead',
    tag_regex: 'use the filter `rewrite_tag` instead',
    'tls*': 'this input has no TLS',
  },
  filter: { processors: filtersInstead },
  output: {
    processors: filtersInstead,
    'tls*': 'this output has no TLS',
    'net.*': 'this output has no such setting',
    ipv6: 'write an IPv6 address as `host` instead',
    upstream: 'write `host` and `port` of one server instead',
  },
  codec: {
    decode_field: 'use the filter `parser` on that field instead',
    decode_field_as: 'use the filter `parser` on that field instead',
  },
}

/** The note on a name in lower case with its value, if the table has one. `known` are the names that do exist. */
export function noteOn(notes: Notes, name: string, value: unknown, known: Iterable<string>): string | undefined {
  const exact = notes[`${name}=${String(value).toLowerCase()}`] ?? notes[name]
  if (exact !== undefined) return exact
  for (const [pattern, note] of Object.entries(notes)) {
    const prefix = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined
    if (prefix === undefined || !name.startsWith(prefix)) continue
    if (![...known].some((other) => other.startsWith(prefix))) return note
  }
  return undefined
}
