import { duration, flag, type ValuesOf } from '../plugin/options.js'

/** The options of outputs that keep connections to a server for the next flush. */
export const connectionOptions = {
  'net.connect_timeout': duration('Longest that connecting may take, TLS included.', { default: '10s', minimum: 10 }),
  'net.keepalive': flag('Use a connection for several flushes.', { default: true }),
  'net.keepalive_idle_timeout': duration('Close a connection that was idle so long.', { default: '30s', minimum: 10 }),
} as const

export type ConnectionOptions = ValuesOf<typeof connectionOptions>
