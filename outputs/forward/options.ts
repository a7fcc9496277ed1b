import { choice, duration, flag, integer, map, secret, text } from 'sluice/plugin'
import { connectionOptions, hostForm, tlsOptions, upstreamOption, upstreamOptions } from 'sluice/net'

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
  compress: choice('Compression of the events; `zstd` from Node.js 22.15 on.', ['gzip', 'zstd']),
  time_as_integer: flag('Send whole seconds, for servers that do not know fractions (Fluentd before 0.14).', {
    default: false,
    aliases: ['fluentd_compat'],
  }),
  retain_metadata: flag(
    'Send the metadata of events that have some, as Fluent Bit does; Fluentd before 1.20 drops them.',
    {
      default: false,
      aliases: ['retain_metadata_in_forward_mode'],
    },
  ),
  shared_key: secret('Key that a server with `<security>` and this side both know.'),
  empty_shared_key: flag('Show a key that is empty, to a server that has users alone.', { default: false }),
  self_hostname: text('Name that this side tells such a server; by default that of the machine.', { filled: true }),
  username: text('User to log in as, where the server has users.'),
  password: secret('Password of that user.'),
  add_option: map('Further options of each message: a map, or a list of `name value`.', { default: {} }),
  ...connectionOptions,
  ...upstreamOptions,
  upstream: upstreamOption(
    ...['shared_key', 'empty_shared_key', 'self_hostname', 'username', 'password'],
    ...['require_ack_response', 'ack_timeout', 'compress', 'time_as_integer', 'retain_metadata', 'add_option'],
  ),
  ...tlsOptions,
} as const
