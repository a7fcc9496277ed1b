import { type ClientSettings, clientSettings, MqttSession } from 'sluice/mqtt'
import type { Output, OutputContext } from 'sluice/plugin'
import { type EdgeNode, requireId, sparkplugTopic } from 'sluice/sparkplug'
import { randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import { type EdgeSettings, EdgeSession } from './edge-session.js'
import type { SparkplugOptions } from './options.js'
import { nodeDeath } from './payloads.js'
import { reportMaker } from './reports.js'
import { SparkplugOutput, type SparkplugParts } from './sparkplug-output.js'

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
  const client = clientSettings({ ...options, ...noSession }, context)
  const settings: EdgeSettings = {
    where: client.where,
    edge,
    primaryHost: options.primary_host === undefined ? undefined : requireId('primary_host', options.primary_host),
    historicalAfterMs: options.historical_after,
    ackTimeoutMs: options.ack_timeout,
    clock: context.clock,
    reborn: () => context.count('rebirths'),
  }
  return new SparkplugOutput({
    where: client.where,
    open: opener(client, settings),
    reports: reportMaker(options.device, options.prefix),
    maxMetrics: options.max_metrics,
    maxSamples: options.max_samples,
  })
}

/** Each connection has a birth and a death sequence number of its own; nobody remembers that of an earlier process. */
function opener(client: ClientSettings, settings: EdgeSettings): SparkplugParts['open'] {
  let bdSeq = randomInt(256)
  return async (model, signal) => {
    bdSeq = (bdSeq + 1) % 256
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
