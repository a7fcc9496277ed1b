import { mqttClientOptions } from 'sluice/mqtt'
import { dated, duration, flag, formatted, integer, type outputOptions, text, type ValuesOf } from 'sluice/plugin'

export const mqttOptions = {
  ...mqttClientOptions,
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
  max_inflight: integer('How many events may wait for their acknowledgement; the broker may allow fewer.', {
    default: 100,
    minimum: 1,
    maximum: 1000,
  }),
  ack_timeout: duration('Longest wait in which the broker takes and acknowledges nothing.', {
    default: '30s',
    minimum: 10,
  }),
} as const

export type MqttOptions = ValuesOf<typeof mqttOptions & typeof outputOptions>
