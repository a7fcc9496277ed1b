import { mqttClientOptions } from 'sluice/mqtt'
import { streamServerOptions } from 'sluice/net'
import {
  choice,
  duration,
  flag,
  type inputOptions,
  integer,
  list,
  map,
  parsed,
  secret,
  size,
  text,
  type ValuesOf,
} from 'sluice/plugin'

const payloadOptions = {
  ...parsed,
  format: choice(
    'What a payload is where there is no `parser`; `plain` is text, `raw` bytes.',
    ['json', 'msgpack', 'csv', 'sparkplug', 'plain', 'raw'],
    { default: 'json' },
  ),
  topic_key: text('Field that the topic is put in; `false` leaves it out.', { default: 'topic', filled: true }),
  payload_key: text('Field that the record of a payload is put in; of `plain` and `raw`, by default `payload`.', {
    filled: true,
  }),
} as const

/** Those of both modes: a server or client of the same name says the same with them. */
const shared = {
  port: integer('Port to listen on, or of the broker; by default 1883, of a broker with TLS 8883.', {
    minimum: 0,
    maximum: 65_535,
  }),
  session_expiry: duration(
    'How long a session stays without a connection: the longest that clients may have, or what the broker is asked for.',
    { default: '1d', maximum: 4_294_967_294_000 },
  ),
  tls: flag('Speak TLS: on all addresses but unix sockets, or with the broker.', { default: false }),
  'tls.crt_file': text('Certificate of this server, or client, as PEM.', { needs: 'tls' }),
  'tls.key_file': text('Private key of this server, or client, as PEM.', { needs: 'tls' }),
  'tls.key_passwd': secret('Passphrase of the private key.'),
  'tls.ca_file': text('Certificates to trust, as PEM: those of clients are signed with, or that of the broker is.', {
    needs: 'tls',
  }),
} as const

const listenOnly = {
  max_packet_size: size('Longest packet; a client that sends a longer one is closed. Larger ones of a broker too.', {
    default: '256KiB',
    minimum: 128,
    maximum: 268_435_460,
    aliases: ['buffer_size'],
  }),
  max_inflight: integer('Messages of QoS 1 and 2 of one sender that may wait for their acknowledgement.', {
    default: 1000,
    minimum: 1,
    maximum: 65_535,
  }),
  users: map('`listen`: users and the hashes of their passwords, as `sluice password` prints them.'),
  allow_anonymous: flag(
    '`listen`: let in who shows no user; by default where there are neither `users` nor `certificates`.',
  ),
  certificates: list(
    '`listen`: names in client certificates that are let in without a password, `*.example.com` for all below a domain.',
  ),
  max_sessions: integer('`listen`: sessions that are kept without a connection; the oldest go.', {
    default: 1000,
    minimum: 0,
    maximum: 1_000_000,
  }),
  max_keepalive: duration('`listen`: longest silence that a client of MQTT 5 may announce; 0 for any.', {
    default: '0s',
    maximum: 65_535_000,
  }),
  connect_deadline: duration('`listen`: longest until a connection has sent its CONNECT.', {
    default: '10s',
    minimum: 100,
  }),
  stall_timeout: duration('Longest that a packet may take to come, or answers to be taken.', {
    default: '60s',
    minimum: 100,
  }),
} as const

export const mqttOptions = {
  mode: choice('Take what clients publish to this agent, or subscribe at a broker.', ['listen', 'subscribe'], {
    default: 'listen',
  }),
  topics: list(
    'Topic filters: what is subscribed to, `$share/GROUP/FILTER` to share it with others; or what clients may publish, by default all.',
  ),
  qos: integer('`subscribe`: highest quality of service that messages come with.', {
    default: 1,
    minimum: 0,
    maximum: 2,
  }),
  ...payloadOptions,
  ...listenOnly,
  ...streamServerOptions(1883),
  ...mqttClientOptions,
  ...shared,
  clean_session: flag('`subscribe`: begin without what the broker remembers of this client.', {
    default: false,
    aliases: ['clean_start'],
  }),
} as const

export type PayloadOptions = ValuesOf<typeof payloadOptions>
export type MqttInputOptions = ValuesOf<typeof mqttOptions & typeof inputOptions> & { readonly tag: string }
