import { mqttConnectOptions } from 'sluice/mqtt'
import { upstreamOption, upstreamOptions } from 'sluice/net'
import { choice, duration, integer, type outputOptions, text, type ValuesOf } from 'sluice/plugin'

export const sparkplugOptions = {
  ...mqttConnectOptions,
  ...upstreamOptions,
  upstream: upstreamOption('client_id', 'username', 'password'),
  balance: choice(
    'Which of several brokers is reported to, one at a time: the first that is online, each in turn, or the one that has least to do.',
    ['failover', 'round_robin', 'least_connections'],
    { default: 'failover' },
  ),
  group_id: text('Group that the edge node is in.', { required: true }),
  edge_node_id: text('Name of the edge node that this agent is; by default the host name.', { filled: true }),
  device: text(
    'Device of the node that an event is of, made of text, `$TAG`, `$TAG[1]` and fields; without one it is of the node itself.',
  ),
  prefix: text('What stands before the name of each metric, made as `device` is.', { default: '$TAG/' }),
  historical_after: duration('Values older than this when they are sent are marked as historical.', {
    default: '10s',
    minimum: 0,
  }),
  primary_host: text('Host application without which nothing is sent: events wait until its STATE is online.', {
    filled: true,
  }),
  max_metrics: integer('How many metrics the node and its devices may have; events with more are refused.', {
    default: 10_000,
    minimum: 1,
  }),
  max_samples: integer('Most values in one message.', { default: 500, minimum: 1, maximum: 100_000 }),
  ack_timeout: duration('Longest wait in which the broker takes and answers nothing.', { default: '30s', minimum: 10 }),
} as const

export type SparkplugOptions = ValuesOf<typeof sparkplugOptions & typeof outputOptions>
