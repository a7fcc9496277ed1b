import { clientSettings, isTopicFilter, MqttSubscriber } from 'sluice/mqtt'
import { AgentError, type Input, type InputContext } from 'sluice/plugin'
import { MessageInlet } from './message-inlet.js'
import { limitsOf } from './limits.js'
import type { MqttInputOptions } from './options.js'

/** The agent is a subscriber of a broker. What is not acknowledged comes again with the next connection. */
export function subscribeInput(options: MqttInputOptions, context: InputContext): Input {
  const filters = checked(options.topics)
  const inlet = new MessageInlet({ ...options, filters: undefined }, context)
  // An output of this agent may have the same id, and its broker would take the two for one client.
  const client = clientSettings(options, { id: `in.${context.id}`, clock: context.clock })
  return new MqttSubscriber({ client, filters, qos: options.qos, limits: limitsOf(options), inlet }, context)
}

/** `$share/GROUP/FILTER` shares a filter with other clients (MQTT 5.0, section 4.8.2). */
const shared = /^\$share\/[^/+#]+\/(.+)$/s

function checked(topics: readonly string[] | undefined): readonly string[] {
  if (!topics || topics.length === 0)
    throw new AgentError(
      'MQTT_TOPICS',
      'topics: expected what to subscribe to, such as sensors/#, since mode is subscribe',
    )
  const wrong = topics.find((topic) => !isTopicFilter(shared.exec(topic)?.[1] ?? topic))
  if (wrong === undefined) return topics
  throw new AgentError('MQTT_TOPICS', `topics: expected a topic filter such as sensors/+/temperature, got "${wrong}"`)
}
