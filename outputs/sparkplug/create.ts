import { clientSettings, MqttSession, mqttTarget } from 'sluice/mqtt'
import { groupSettings, probeByConnecting, type ServerOf, serversOf, Upstream } from 'sluice/net'
import type { Output, OutputContext } from 'sluice/plugin'
import { type EdgeNode, requireId, sparkplugTopic } from 'sluice/sparkplug'
import { randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import { type EdgeSettings, EdgeSession } from './edge-session.js'
import type { SparkplugOptions } from './options.js'
import { nodeDeath } from './payloads.js'
import { reportMaker } from './reports.js'
import { type Broker, SparkplugOutput } from './sparkplug-output.js'

/** A session ends with its connection, and the will is ours (Sparkplug 3.0, section 6.4.21). */
const noSession = {
  clean_session: true,
  session_expiry: 0,
  'will.topic': undefined,
  'will.payload': '',
  'will.qos': 0,
  'will.retain': false,
  'will.delay': 0,
} as const

export function createSparkplug(options: SparkplugOptions, context: OutputContext): Output {
  const edge: EdgeNode = {
    group: requireId('group_id', options.group_id),
    node: requireId('edge_node_id', options.edge_node_id ?? hostname()),
  }
  const settings: Omit<EdgeSettings, 'where'> = {
    edge,
    primaryHost: options.primary_host === undefined ? undefined : requireId('primary_host', options.primary_host),
    historicalAfterMs: options.historical_after,
    ackTimeoutMs: options.ack_timeout,
    clock: context.clock,
    reborn: () => context.count('rebirths'),
  }
  const nextNumber = numbers()
  const servers = serversOf(options, mqttTarget).map((server): Broker => ({
    ...server,
    open: opener(server, { ...settings, where: server.where }, { context, nextNumber }),
  }))
  return new SparkplugOutput({
    upstream: new Upstream<Broker>({ servers, probe: probeByConnecting, ...groupSettings(options) }, context),
    reports: reportMaker(options.device, options.prefix),
    maxMetrics: options.max_metrics,
    maxSamples: options.max_samples,
  })
}

/** Each connection has a birth and a death sequence number of its own; nobody remembers that of an earlier process. */
function numbers(): () => number {
  let bdSeq = randomInt(256)
  return () => (bdSeq = (bdSeq + 1) % 256)
}

interface Making {
  readonly context: OutputContext
  readonly nextNumber: () => number
}

function opener(
  { options, target }: ServerOf<SparkplugOptions>,
  settings: EdgeSettings,
  { context, nextNumber }: Making,
): Broker['open'] {
  const client = clientSettings({ ...options, ...noSession }, context, target)
  return async (model, signal) => {
    const bdSeq = nextNumber()
    const will = {
      topic: sparkplugTopic(settings.edge, 'NDEATH'),
      payload: Buffer.from(nodeDeath(bdSeq, Math.floor(settings.clock.wall()))),
      qos: 1,
      retain: false,
    } as const
    const connection = await new MqttSession({ ...client, will }).connect(signal)
    const session = new EdgeSession(connection, model, settings, bdSeq)
    await session.subscribe(signal)
    return session
  }
}
