import { duration } from '../plugin/options.js'
import { connectionOptions } from './connection-options.js'
import { tlsOptions } from './tls-options.js'
import { upstreamOptions } from './upstream-options.js'

/** The options of outputs that write to a peer which answers nothing. */
export const streamOptions = {
  'net.io_timeout': duration('Longest that the server may read nothing while bytes wait for it.', {
    default: '30s',
    minimum: 10,
  }),
  ...connectionOptions,
  ...upstreamOptions,
  ...tlsOptions,
} as const

/** Values of Fluent Bit for these that mean nothing here. */
export const streamIgnored = {
  'net.io_timeout=0': 'a server that reads nothing is always given up on after some time',
  'net.io_timeout=0s': 'a server that reads nothing is always given up on after some time',
} as const
