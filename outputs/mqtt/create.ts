import {
  type ClientSettings,
  clientSettings,
  cloudCredentials,
  MqttSession,
  mqttTarget,
  Publisher,
  type PublisherSettings,
  profileOf,
  withProfile,
} from 'sluice/mqtt'
import { groupSettings, probeByConnecting, type ServerOf, serversOf, Upstream } from 'sluice/net'
import { AgentError, eventPayloads, fieldPayload, type Output, type OutputContext } from 'sluice/plugin'
import { contentTypeOf } from './content-type.js'
import { type DraftMaker, draftsOf } from './drafts.js'
import { gathered, type GatherSettings, singly } from './gathering.js'
import { type Broker, MqttOutput } from './mqtt-output.js'
import type { MqttOptions } from './options.js'
import { propertiesMaker } from './properties.js'
import { shapeOf } from './shape.js'
import { topicsOf } from './topics.js'

/** Most bytes of a message with several events, where `max_message_size` says nothing: what the strictest of the clouds takes. */
const usualMessageBytes = 128 * 1024

export function createMqtt(options: MqttOptions, context: OutputContext): Output {
  const servers = serversOf(options, mqttTarget).map((server) => brokerOf(server, context))
  return new MqttOutput(new Upstream({ servers, probe: probeByConnecting, ...groupSettings(options) }, context))
}

function brokerOf(server: ServerOf<MqttOptions>, context: OutputContext): Broker {
  const options = withProfile(server.options)
  const maker = makerOf(options, context)
  const client = clientOf(options, server, context)
  const settings = publisherSettings(options, client)
  return {
    ...server,
    options,
    open: opener(client, settings),
    draftsOf: (chunk) => draftsOf(chunk, maker),
    messagesOf: messageMaker(options, settings),
  }
}

function clientOf(options: MqttOptions, { target }: Pick<Broker, 'target'>, context: OutputContext): ClientSettings {
  const settings = clientSettings(options, context, target)
  return { ...settings, credentials: cloudCredentials(options, context.clock) ?? settings.credentials }
}

function publisherSettings(options: MqttOptions, { where, version }: ClientSettings): PublisherSettings {
  const profile = profileOf(options)
  const qos = options.qos as 0 | 1 | 2
  if (profile && qos > profile.maximumQos) {
    const most = profile.maximumQos
    throw new AgentError('MQTT_PROFILE', `qos: expected at most ${most} with profile ${options.profile}, got ${qos}`)
  }
  return {
    where,
    version,
    qos,
    retain: options.retain,
    maxInFlight: options.max_inflight ?? usualInFlight(qos, version),
    maxMessageBytes: Math.min(options.max_message_size ?? Infinity, profile?.maximumMessageBytes ?? Infinity),
    ackTimeoutMs: options.ack_timeout,
  }
}

/** mosquitto takes 20 messages of QoS 2 at once unless it is told otherwise, and ends the connection at more. */
function usualInFlight(qos: number, version: 4 | 5): number {
  return qos === 2 && version === 4 ? 20 : 100
}

function makerOf(options: MqttOptions, context: OutputContext): DraftMaker {
  const { message_key: key } = options
  const contentType = contentTypeOf(options, context)
  const topics = topicsOf(options, options.content_type ?? contentType)
  const properties = propertiesMaker(options, contentType, context.clock)
  return {
    topicOf: topics.of,
    properties,
    readsEvents: topics.readsEvents || properties.readsEvents || key !== undefined,
    payloads: eventPayloads(options, context),
    fieldPayload: key === undefined ? undefined : fieldPayload('message_key', key),
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
