import { Door, isTopicFilter, MqttServer } from 'sluice/mqtt'
import { readStreamServer } from 'sluice/net'
import { AgentError, type Input, type InputContext } from 'sluice/plugin'
import { limitsOf } from './limits.js'
import { MessageInlet } from './message-inlet.js'
import type { MqttInputOptions } from './options.js'

/** Devices publish straight to the agent. */
export function listenInput(options: MqttInputOptions, context: InputContext): Input {
  const door = new Door({
    users: options.users ?? {},
    allowAnonymous: options.allow_anonymous ?? (options.users === undefined && options.certificates === undefined),
    certificates: options.certificates ?? [],
    clock: context.clock,
  })
  const inlet = new MessageInlet({ ...options, filters: checked(options.topics) }, context)
  const server = new MqttServer(
    { limits: serverLimits(options), maxSessions: options.max_sessions, door, inlet },
    context,
  )
  const settings = readStreamServer({ ...options, port: options.port ?? 1883 })
  return { run: (signal) => server.run(settings, signal) }
}

function serverLimits(options: MqttInputOptions) {
  return {
    ...limitsOf(options),
    connectTimeoutMs: options.connect_deadline,
    sessionMs: options.session_expiry,
    maxKeepAliveSeconds: Math.ceil(options.max_keepalive / 1000),
  }
}

function checked(filters: readonly string[] | undefined): readonly string[] | undefined {
  const wrong = filters?.find((filter) => !isTopicFilter(filter))
  if (wrong === undefined) return filters
  throw new AgentError(
    'MQTT_FILTER',
    `topics: expected a topic filter such as sensors/+/temperature or #, got "${wrong}"`,
  )
}
