import type { IClientOptions } from 'mqtt'
import { duration, flag, integer, text, type ValuesOf } from '../plugin/options.js'

/** What the broker is to publish of a client that goes without taking leave (MQTT 5.0, section 3.1.2.5). */
export const willOptions = {
  'will.topic': text('Topic that the broker publishes to when this client is gone without taking leave.', {
    filled: true,
    aliases: ['will_topic'],
  }),
  'will.payload': text('What it publishes there.', { default: '', aliases: ['will_payload', 'will_message'] }),
  'will.qos': integer('Quality of service of that message.', {
    default: 0,
    minimum: 0,
    maximum: 2,
    aliases: ['will_qos'],
  }),
  'will.retain': flag('The broker keeps that message for later subscribers.', {
    default: false,
    aliases: ['will_retain'],
  }),
  'will.delay': duration('How long the broker waits for this client to come back before it does so (MQTT 5).', {
    default: '0s',
    maximum: 4_294_967_294_000,
  }),
} as const

export type Will = NonNullable<IClientOptions['will']>

/** The will that the options state, if they state one. */
export function willOf(options: ValuesOf<typeof willOptions>, version: 4 | 5): Will | undefined {
  const topic = options['will.topic']
  if (topic === undefined) return undefined
  const delaySeconds = Math.ceil(options['will.delay'] / 1000)
  return {
    topic,
    payload: Buffer.from(options['will.payload']),
    qos: options['will.qos'] as 0 | 1 | 2,
    retain: options['will.retain'],
    ...(version === 5 && delaySeconds > 0 ? { properties: { willDelayInterval: delaySeconds } } : {}),
  }
}
