import { hostForm, tlsOptions } from 'sluice/net'
import {
  choice,
  dated,
  duration,
  flag,
  formatted,
  integer,
  type outputOptions,
  secret,
  text,
  type ValuesOf,
} from 'sluice/plugin'

export const mqttOptions = {
  host: text('Name or address of the broker.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the broker; by default 1883, or 8883 with TLS.', { minimum: 1, maximum: 65535 }),
  protocol_version: choice('Version of MQTT to speak.', ['3.1.1', '5'], { default: '3.1.1' }),
  topic: text('Topic of an event, made of text, `$TAG`, `$TAG[1]` and fields such as `$host`.', {
    default: 'sluice/$TAG',
  }),
  qos: integer('0: an event counts as delivered once it is written. 1: once the broker has acknowledged it.', {
    default: 1,
    minimum: 0,
    maximum: 1,
  }),
  retain: flag('The broker keeps the last event of each topic for later subscribers.', { default: false }),
  message_key: text('Field whose value alone is sent, text and bytes as they are, instead of the whole record.'),
  ...formatted,
  ...dated,
  client_id: text(
    'Name of this client, unique on the broker; by default made of the host name and the name of this instance.',
  ),
  username: text('User to log in as.'),
  password: secret('Password of that user.'),
  clean_session: flag('Begin without what the broker remembers of this client.', {
    default: true,
    aliases: ['clean_start'],
  }),
  keepalive: duration('Longest silence before the broker is asked whether it is still there; 0 for never.', {
    default: '60s',
    maximum: 65_535_000,
  }),
  max_inflight: integer('How many events may wait for their acknowledgement; the broker may allow fewer.', {
    default: 100,
    minimum: 1,
    maximum: 1000,
  }),
  ack_timeout: duration('Longest wait in which the broker takes and acknowledges nothing.', {
    default: '30s',
    minimum: 10,
  }),
  'net.connect_timeout': duration('Longest that connecting may take, TLS and log-in included.', {
    default: '10s',
    minimum: 10,
    aliases: ['connect_timeout'],
  }),
  ...tlsOptions,
} as const

export type MqttOptions = ValuesOf<typeof mqttOptions & typeof outputOptions>
