import { hostForm } from '../net/target.js'
import { tlsOptions } from '../net/tls-options.js'
import { choice, duration, flag, integer, list, secret, text, type ValuesOf } from '../plugin/options.js'
import { willOptions } from './will.js'

/** How a broker is reached and logged in to. */
export const mqttConnectOptions = {
  host: text('Name or address of the broker.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the broker; by default 1883, or 8883 with TLS; with WebSocket 80 and 443.', {
    minimum: 1,
    maximum: 65_535,
  }),
  protocol_version: choice('Version of MQTT to speak.', ['3.1.1', '5'], { default: '3.1.1' }),
  client_id: text(
    'Name of this client, unique on the broker; by default made of the host name and the name of this instance.',
  ),
  username: text('User to log in as.'),
  password: secret('Password of that user.'),
  keepalive: duration('Longest silence before the broker is asked whether it is still there; 0 for never.', {
    default: '60s',
    maximum: 65_535_000,
  }),
  websocket: flag('Speak MQTT within a WebSocket.', { default: false }),
  'websocket.path': text('Path of the WebSocket on the broker.', {
    default: '/mqtt',
    pattern: '^/[!-~]*$',
    expects: 'a path that begins with a slash',
    needs: 'websocket',
  }),
  'net.connect_timeout': duration('Longest that connecting may take, TLS and log-in included.', {
    default: '10s',
    minimum: 10,
    aliases: ['connect_timeout'],
  }),
  ...tlsOptions,
  'tls.alpn': list('Protocols to offer in the TLS handshake (ALPN), such as `mqtt` or `x-amzn-mqtt-ca`.'),
} as const

/** The options of every plugin that is a client of an MQTT broker with a session and a will of the user's. */
export const mqttClientOptions = {
  ...mqttConnectOptions,
  clean_session: flag('Begin without what the broker remembers of this client.', {
    default: true,
    aliases: ['clean_start'],
  }),
  session_expiry: duration(
    'How long the broker is to remember this client without a connection, where `clean_session` is off (MQTT 5; 3.1.1 leaves it to the broker).',
    { default: '1d', maximum: 4_294_967_294_000 },
  ),
  ...willOptions,
} as const

export type MqttConnectOptions = ValuesOf<typeof mqttConnectOptions>

export type MqttClientOptions = ValuesOf<typeof mqttClientOptions>
