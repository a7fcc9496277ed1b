import { choice, duration, flag, integer, map, text } from 'sluice/plugin'
import { connectionOptions, hostForm, tlsOptions, upstreamOptions } from 'sluice/net'

export const forwardOptions = {
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server.', { default: 24224, minimum: 1, maximum: 65535 }),
  unix_path: text('Unix socket of a server on this machine, instead of `host` and `port`.'),
  require_ack_response: flag(
    'Deliver only what the server acknowledges. Without it, what the kernel has taken counts.',
    {
      default: true,
    },
  ),
  ack_timeout: duration('Longest wait in which the server neither reads nor acknowledges anything.', {
    default: '30s',
    minimum: 10,
    aliases: ['ack_response_timeout', 'net.io_timeout'],
  }),
  tag: text('Tag to send events under, made of text, `$TAG` and fields such as `$host`; by default their own.'),
  compress: choice('Compression of the events.', ['gzip']),
  time_as_integer: flag('Send whole seconds, for servers that do not know fractions (Fluentd before 0.14).', {
    default: false,
    aliases: ['fluentd_compat'],
  }),
  add_option: map('Further options of each message: a map, or a list of `name value`.', { default: {} }),
  ...connectionOptions,
  ...upstreamOptions,
  ...tlsOptions,
} as const
