import { connect, readTlsSettings, targetText } from 'sluice/net'
import type { Output, OutputContext } from 'sluice/plugin'
import type { IClientOptions } from 'mqtt'
import { hostname } from 'node:os'
import type { SessionSettings } from './limits.js'
import { type MessageMaker, messagesOf } from './messages.js'
import { MqttOutput, type MqttParts } from './mqtt-output.js'
import type { MqttOptions } from './options.js'
import { fieldPayloadOf, payloadsOf } from './payload.js'
import { Session } from './session.js'
import { readsFields, topicMaker } from './topic.js'

export function createMqtt(options: MqttOptions, context: OutputContext): Output {
  const maker = makerOf(options, context)
  const target = { host: options.host, port: options.port ?? (options.tls ? 8883 : 1883) }
  const settings: SessionSettings = {
    where: targetText(target),
    version: options.protocol_version === '5' ? 5 : 4,
    qos: options.qos === 0 ? 0 : 1,
    retain: options.retain,
    maxInFlight: options.max_inflight,
    connectTimeoutMs: options['net.connect_timeout'],
    ackTimeoutMs: options.ack_timeout,
    clock: context.clock,
  }
  return new MqttOutput({
    where: settings.where,
    open: opener(target, settings, options, clientOptionsOf(options, settings, context.id)),
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

/** The engine owns retries and deadlines, so the library is to have none. */
const noLimitMs = 2 ** 31 - 1

function clientOptionsOf(options: MqttOptions, { version }: SessionSettings, id: string): IClientOptions {
  const { username, password } = options
  return {
    protocolVersion: version,
    clientId: options.client_id ?? `sluice-${hostname()}-${id}`,
    clean: options.clean_session,
    keepalive: Math.ceil(options.keepalive / 1000),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    manualConnect: true,
    reconnectPeriod: 0,
    connectTimeout: noLimitMs,
    queueQoSZero: false,
    resubscribe: false,
    log: () => undefined,
  }
}

function opener(
  target: Parameters<typeof connect>[0],
  settings: SessionSettings,
  options: MqttOptions,
  clientOptions: IClientOptions,
): MqttParts['open'] {
  return async (signal) => {
    const { MqttClient } = await import('mqtt')
    const timeoutMs = settings.connectTimeoutMs
    const socket = await connect(target, { timeoutMs, signal, tls: readTlsSettings(options) })
    const session = new Session(new MqttClient(() => socket, { ...clientOptions }), socket, settings)
    await session.open(signal)
    return session
  }
}
