import { connectionOptions, hostForm, tlsOptions, upstreamOption, upstreamOptions } from 'sluice/net'
import { dated, duration, integer, map, text } from 'sluice/plugin'

export const webSocketOptions = {
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server; by default 80, or 443 with TLS.', { minimum: 1, maximum: 65_535 }),
  uri: text('Path of the request, with its query.', {
    default: '/',
    pattern: String.raw`^/[\x21\x22\x24-\x7e]*$`,
    expects: 'a path such as /events, with its blanks written as %20',
  }),
  header: map('Further headers of the request: a map, or a list of `Name value`.', {
    default: {},
    aliases: ['headers'],
  }),
  format: text(
    'Codec of the events: `json` is an array, `json_lines` one object a line, `msgpack` is `[time, record]`.',
    {
      default: 'msgpack',
      refers: 'format',
    },
  ),
  ...dated,
  ping_timeout: duration('Longest that the server may read nothing, or leave the ping behind a batch unanswered.', {
    default: '30s',
    minimum: 10,
    aliases: ['net.io_timeout'],
  }),
  ...connectionOptions,
  ...upstreamOptions,
  upstream: upstreamOption('uri', 'header'),
  ...tlsOptions,
} as const
