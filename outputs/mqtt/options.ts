import { cloudOptions, mqttClientOptions } from 'sluice/mqtt'
import { upstreamOption, upstreamOptions } from 'sluice/net'
import {
  choice,
  dated,
  duration,
  flag,
  formatted,
  integer,
  map,
  type outputOptions,
  size,
  text,
  type ValuesOf,
} from 'sluice/plugin'

export const mqttOptions = {
  ...mqttClientOptions,
  ...cloudOptions,
  ...upstreamOptions,
  upstream: upstreamOption('client_id', 'username', 'password'),
  // The brokers of a cluster know one client of a name, and let the older connection go.
  balance: choice(
    'Which of several brokers is sent to: each in turn, the first that is online, or the one that has least to do.',
    ['round_robin', 'failover', 'least_connections'],
    { default: 'failover' },
  ),
  topic: text('Topic of an event, made of text, `$TAG`, `$TAG[1]` and fields such as `$host`.', {
    default: 'sluice/$TAG',
  }),
  qos: integer(
    'An event counts as delivered with 0 once the broker has read it, with 1 at its PUBACK, with 2, which is exactly once, at its PUBCOMP.',
    { default: 1, minimum: 0, maximum: 2 },
  ),
  retain: flag('The broker keeps the last event of each topic for later subscribers.', { default: false }),
  message_key: text('Field whose value alone is sent, text and bytes as they are, instead of the whole record.'),
  ...formatted,
  ...dated,
  batch: flag(
    'One message for all events of a topic in a batch: a list for `json`, one behind the other for `ndjson` and `msgpack`.',
    { default: false },
  ),
  max_message_size: size(
    'Most bytes of the payload of a message; a larger event is refused. With `batch`, 128KiB unless given.',
    { minimum: 128 },
  ),
  user_properties: map(
    'Properties of each message (MQTT 5): names, and values made of text, `$TAG` and fields as in `topic`.',
  ),
  content_type: text(
    'Content type that is stated with each message (MQTT 5); by default that of the format, empty for none.',
  ),
  max_inflight: integer(
    'How many messages may wait for their acknowledgement; the broker may allow fewer. By default 100; 20 with QoS 2 in MQTT 3.1.1, where a broker cannot say what it takes.',
    { minimum: 1, maximum: 1000 },
  ),
  ack_timeout: duration('Longest wait in which the broker takes and acknowledges nothing.', {
    default: '30s',
    minimum: 10,
  }),
} as const

export type MqttOptions = ValuesOf<typeof mqttOptions & typeof outputOptions>
