import {
  type ClientSettings,
  clientSettings,
  MqttSession,
  mqttTarget,
  Publisher,
  type PublisherSettings,
} from 'sluice/mqtt'
import { groupSettings, probeByConnecting, type ServerOf, serversOf, Upstream } from 'sluice/net'
import { AgentError, type Output, type OutputContext } from 'sluice/plugin'
import { type DraftMaker, draftsOf } from './drafts.js'
import { gathered, type GatherSettings, singly } from './gathering.js'
import { type Broker, MqttOutput } from './mqtt-output.js'
import type { MqttOptions } from './options.js'
import { contentTypeOf, fieldPayloadOf, payloadsOf } from './payload.js'
import { propertiesMaker } from './properties.js'
import { shapeOf } from './shape.js'
import { readsFields, topicMaker } from './topic.js'

/** Most bytes of a message with several events, where `max_message_size` says nothing: what the strictest of the clouds takes. */
const usualMessageBytes = 128 * 1024

export function createMqtt(options: MqttOptions, context: OutputContext): Output {
  const servers = serversOf(options, mqttTarget).map((server) => brokerOf(server, context))
  return new MqttOutput(new Upstream({ servers, probe: probeByConnecting, ...groupSettings(options) }, context))
}

function brokerOf(server: ServerOf<MqttOptions>, context: OutputContext): Broker {
  const { options, where, target } = server
  const maker = makerOf(options, context)
  const client = clientSettings(options, context, target)
  const settings: PublisherSettings = {
    where,
    version: client.version,
    qos: options.qos as 0 | 1 | 2,
    retain: options.retain,
    maxInFlight: options.max_inflight ?? usualInFlight(options.qos, client.version),
    maxMessageBytes: options.max_message_size ?? Infinity,
    ackTimeoutMs: options.ack_timeout,
  }
  return {
    ...server,
    open: opener(client, settings),
    draftsOf: (chunk) => draftsOf(chunk, maker),
    messagesOf: messageMaker(options, settings),
  }
}

/** mosquitto takes 20 messages of QoS 2 at once unless it is told otherwise, and ends the connection at more. */
function usualInFlight(qos: number, version: 4 | 5): number {
  return qos === 2 && version === 4 ? 20 : 100
}

function makerOf(options: MqttOptions, context: OutputContext): DraftMaker {
  const { topic, message_key: key } = options
  const properties = propertiesMaker(options, contentTypeOf(options, context), context.clock)
  return {
    topicOf: topicMaker(topic),
    properties,
    readsEvents: readsFields(topic) || properties.readsEvents || key !== undefined,
    payloads: payloadsOf(options, context),
    fieldPayload: key === undefined ? undefined : fieldPayloadOf(key),
    topicChanged: () => context.count('topics_changed'),
  }
}

function messageMaker(options: MqttOptions, { qos, version }: PublisherSettings): Broker['messagesOf'] {
  if (!options.batch) return singly
  if (options.message_key !== undefined) {
    throw new AgentError('MQTT_BATCH', 'batch: expected whole records, got message_key; write batch: off')
  }
  const mostPayloadBytes = options.max_message_size ?? usualMessageBytes
  const settings: Omit<GatherSettings, 'mostPacketBytes'> = {
    shape: shapeOf(options.format),
    mostPayloadBytes,
    qos,
    version,
  }
  return (drafts, mostPacketBytes) => gathered(drafts, { ...settings, mostPacketBytes })
}

function opener(client: ClientSettings, settings: PublisherSettings): Broker['open'] {
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
