import { streamServerOptions } from 'sluice/net'
import { duration, flag, map, secret, size, text, type ValuesOf } from 'sluice/plugin'

export const forwardOptions = {
  ...streamServerOptions(24224),
  unix_path: text('Unix socket to listen on instead of `listen`.'),
  unix_perm: text('Permissions of the unix socket, such as `0660`.', {
    pattern: '^0?[0-7]{3}$',
    expects: 'permissions in octal, such as 0660',
  }),
  tag_prefix: text('Text to put before the tags of events.', { aliases: ['add_tag_prefix'] }),
  shared_key: secret('Key that clients must know.'),
  empty_shared_key: flag('Ask clients for a key that is empty, so that those can have users that have no key.', {
    default: false,
  }),
  users: map('Users that clients must be one of, and their passwords: a map, or texts `user password`.', {
    default: {},
    aliases: ['security.users'],
  }),
  self_hostname: text('Name that this server shows itself with to clients; by default that of this machine.'),
  source_address_key: text('Field to put the address of the sender into.'),
  source_hostname_key: text('Field to put the name of the sender into: what it calls itself, else what DNS does.'),
  dedupe: duration(
    'How long a chunk is known again, so that one that is sent again is not taken again; off unless given.',
    {
      minimum: 1000,
    },
  ),
  max_message_size: size('Longest message; a connection that sends a longer one is closed.', {
    default: '16MiB',
    minimum: 1024,
    aliases: ['buffer_max_size', 'chunk_size_limit'],
  }),
  max_inflated_size: size('Longest that the events of one message may be once they are decompressed.', {
    default: '32MiB',
    minimum: 1024,
    aliases: ['decompression_size_limit'],
  }),
  read_timeout: duration(
    'Longest that a client may take for its part of the handshake, for 1 KiB a second of a message, or to read its acknowledgements.',
    { default: '30s', minimum: 100 },
  ),
  idle_timeout: duration(
    'A connection that sends nothing for longer is closed; 0 keeps all open whose peer is there.',
    { default: '0s' },
  ),
  udp_heartbeat: flag('Answer heartbeats over UDP, on the same addresses.', { default: false }),
} as const

export type ForwardOptions = ValuesOf<typeof forwardOptions>
