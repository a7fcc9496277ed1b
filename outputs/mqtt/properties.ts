import type { PublishProperties } from 'sluice/mqtt'
import { AgentError, type Clock, compileTemplate, type Event, isTextType, toMilliseconds } from 'sluice/plugin'
import type { MqttOptions } from './options.js'
import { readsFields } from './topic.js'

/** Makes the properties of a PUBLISH (MQTT 5.0, section 3.3.2.3); MQTT 3.1.1 has none. */
export interface PropertiesMaker {
  readonly of: (event: Event) => PublishProperties | undefined
  /** Whether they differ between the events of one tag. */
  readonly readsEvents: boolean
}

type PropertyOptions = Pick<
  MqttOptions,
  'profile' | 'protocol_version' | 'user_properties' | 'content_type' | 'max_age'
>

/** `contentType` is that of the payloads, undefined where nobody knows it. */
export function propertiesMaker(
  options: PropertyOptions,
  contentType: string | undefined,
  clock: Clock,
): PropertiesMaker {
  const { user_properties: templates = {}, max_age: maxAgeMs } = options
  // Azure IoT Hub has them in the topic.
  if (options.protocol_version !== '5') return none(options.profile === 'azure_iot_hub' ? {} : templates)
  const fixed = fixedProperties(contentType, options.content_type)
  const userProperties = userPropertiesMaker(templates)
  const of = (event: Event): PublishProperties => ({
    ...fixed,
    ...userProperties?.(event),
    ...(maxAgeMs === undefined ? {} : { messageExpiryInterval: secondsLeft(event, maxAgeMs, clock) }),
  })
  return { of, readsEvents: maxAgeMs !== undefined || Object.values(templates).some(readsFields) }
}

function none(templates: { readonly [name: string]: string }): PropertiesMaker {
  if (Object.keys(templates).length === 0) return { of: () => undefined, readsEvents: false }
  throw new AgentError('MQTT_OPTIONS', 'user_properties: expected protocol_version 5, which alone has them, got 3.1.1')
}

function fixedProperties(ofFormat: string | undefined, stated: string | undefined): PublishProperties {
  const contentType = stated ?? ofFormat ?? ''
  return {
    ...(ofFormat !== undefined && isTextType(ofFormat) ? { payloadFormatIndicator: true } : {}),
    ...(contentType === '' ? {} : { contentType }),
  }
}

function userPropertiesMaker(templates: {
  readonly [name: string]: string
}): ((event: Event) => PublishProperties) | undefined {
  const writers = Object.entries(templates).map(([name, template]) => [name, compileTemplate(template)] as const)
  if (writers.length === 0) return undefined
  return (event) => ({ userProperties: Object.fromEntries(writers.map(([name, write]) => [name, write(event)])) })
}

/** What is left of the time that an event may live, for the broker to go on counting (section 3.3.2.3.3). */
function secondsLeft({ time }: Event, maxAgeMs: number, clock: Clock): number {
  return Math.max(1, Math.ceil((maxAgeMs - (clock.wall() - toMilliseconds(time))) / 1000))
}
