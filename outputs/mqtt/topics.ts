import { compileTemplate, type Event } from 'sluice/plugin'
import type { MqttOptions } from './options.js'
import { readsFields, type Topic, topicMaker } from './topic.js'

export interface TopicMaker {
  readonly of: (event: Pick<Event, 'tag' | 'record'>) => Topic
  /** Whether topics differ between the events of one tag. */
  readonly readsEvents: boolean
}

type TopicOptions = Pick<MqttOptions, 'profile' | 'topic' | 'client_id' | 'user_properties'>

export function topicsOf(options: TopicOptions, contentType: string | undefined): TopicMaker {
  const { profile, topic, user_properties: templates = {} } = options
  if (profile !== 'azure_iot_hub') return { of: topicMaker(topic), readsEvents: readsFields(topic) }
  return { of: azureTopic(options, contentType), readsEvents: Object.values(templates).some(readsFields) }
}

/**
 * Azure IoT Hub has one topic for what a device says, and what others call user properties stands behind it ("Communicate with an
 * IoT hub using the MQTT protocol", section "Sending device-to-cloud messages"); `$.ct` and `$.ce` let it look into the payload.
 */
function azureTopic(
  { client_id: device = '', user_properties: templates = {} }: TopicOptions,
  contentType: string | undefined,
): TopicMaker['of'] {
  const writers = Object.entries(templates).map(([name, template]) => [name, compileTemplate(template)] as const)
  const system = contentType === undefined ? [] : [`$.ct=${encodeURIComponent(contentType)}`, '$.ce=utf-8']
  return (event) => {
    const own = writers.map(([name, write]) => `${encodeURIComponent(name)}=${encodeURIComponent(write(event))}`)
    return { topic: `devices/${device}/messages/events/${[...system, ...own].join('&')}`, changed: false }
  }
}
