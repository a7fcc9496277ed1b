import { type ClientSettings, clientSettings, MqttSession } from 'sluice/mqtt'
import { AgentError, type Output, type OutputContext } from 'sluice/plugin'
import { type MessageMaker, messagesOf } from './messages.js'
import { MqttOutput, type MqttParts } from './mqtt-output.js'
import type { MqttOptions } from './options.js'
import { fieldPayloadOf, payloadsOf } from './payload.js'
import { Publisher, type PublisherSettings } from './publisher.js'
import { readsFields, topicMaker } from './topic.js'

export function createMqtt(options: MqttOptions, context: OutputContext): Output {
  const maker = makerOf(options, context)
  const client = clientSettings(options, context)
  const settings: PublisherSettings = {
    where: client.where,
    version: client.version,
    qos: options.qos as 0 | 1 | 2,
    retain: options.retain,
    maxInFlight: options.max_inflight,
    ackTimeoutMs: options.ack_timeout,
    clock: context.clock,
  }
  return new MqttOutput({
    where: client.where,
    open: opener(client, settings),
    messagesOf: (chunk) => messagesOf(chunk, maker),
  })
}

function makerOf(options: MqttOptions, context: OutputContext): MessageMaker {
  return {
    topicOf: topicMaker(options.topic),
    topicReadsFields: readsFields(options.topic),
    payloads: payloadsOf(options, context),
    fieldPayload: options.message_key === undefined ? undefined : fieldPayloadOf(options.message_key),
    topicChanged: () => context.count('topics_changed'),
  }
}

function opener(client: ClientSettings, settings: PublisherSettings): MqttParts['open'] {
  // What an earlier process had under way with QoS 2 would be taken for new events with the same packet identifiers.
  const session = new MqttSession({ ...client, beginsAnew: settings.qos === 2 && !client.clean })
  return async (signal) => {
    const connection = await session.connect(signal)
    const cannot = whyNot(settings, connection.limits)
    if (cannot) {
      await connection.close()
      throw cannot
    }
    return new Publisher(connection, settings)
  }
}

/** Why this broker cannot do what the options want (MQTT 5.0, section 3.2.2.3). */
function whyNot(
  { where, qos, retain }: PublisherSettings,
  { maximumQos, hasRetain }: { readonly maximumQos: number; readonly hasRetain: boolean },
): AgentError | undefined {
  const limited = (text: string): AgentError => new AgentError('MQTT_LIMITED', `${where}: the broker ${text}`)
  if (qos > maximumQos)
    return limited(`takes QoS ${maximumQos} at most; write qos: ${maximumQos}, or use another broker`)
  if (retain && !hasRetain) return limited('keeps no retained messages; write retain: off')
  return undefined
}
