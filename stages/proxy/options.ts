import { type Balance, tlsOptions } from 'sluice/net'
import { choice, duration, flag, integer, list, size, text, type ValuesOf } from 'sluice/plugin'

/** What `failover` is called here. */
const firstAlive = 'first_alive'

export const proxyOptions = {
  upstreams: list(
    'Servers to pass requests on to: `http://HOST:PORT`, `https://HOST:PORT` or `unix:/PATH`; with ` weight=N` behind it one gets N times as much, with ` standby` it is asked only while all others are offline.',
    { required: true },
  ),
  balance: choice(
    'Which one is asked: the first that is not offline, each in turn, the one that has least to do, or always the same one for an address.',
    [firstAlive, 'round_robin', 'least_connections', 'source_hash'],
    { default: firstAlive },
  ),
  attempts: integer('Upstreams that are asked before the client is told that there is no answer.', {
    default: 2,
    minimum: 1,
    maximum: 100,
  }),
  max_failures: integer(
    'Failures in a row after which an upstream is offline: it is asked only where all others are too.',
    {
      default: 1,
      minimum: 1,
    },
  ),
  offline_time: duration('How long it is left alone then, before each try whether it can be connected to again.', {
    default: '60s',
    minimum: 100,
  }),
  rewrite: text('Path that takes the place of `path` at the upstreams, such as `/`; the same unless given.', {
    pattern: String.raw`^/[^?#\s]*$`,
    expects: 'a path such as /',
  }),
  preserve_host: flag('Upstreams are asked by the name that the client used, not by their own.', { default: false }),
  trust_forwarded: flag('Believe what clients say of those before them, because they are proxies.', { default: false }),
  connect_timeout: duration('Longest that it may take to connect to an upstream.', { default: '5s', minimum: 10 }),
  answer_timeout: duration('Longest that nothing may move before or within an answer.', {
    default: '60s',
    minimum: 10,
  }),
  max_body_size: size('Longest body that is passed on; longer ones get a 413. By default that of the server.', {
    minimum: 0,
  }),
  'tls.verify': tlsOptions['tls.verify'],
  'tls.vhost': tlsOptions['tls.vhost'],
  'tls.ca_file': text('Certificates to trust instead of those of the system, as PEM.'),
  'tls.crt_file': text('Certificate that is shown to upstreams, as PEM.'),
  'tls.key_file': text('Private key of that certificate, as PEM.'),
  'tls.key_passwd': tlsOptions['tls.key_passwd'],
  'tls.min_version': tlsOptions['tls.min_version'],
} as const

export function balanceOf({ balance }: Pick<ValuesOf<typeof proxyOptions>, 'balance'>): Balance {
  return balance === firstAlive ? 'failover' : balance
}
