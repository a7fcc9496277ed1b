import type { LaneStatus } from '../../observe/status.js'
import { each, eachOf, type Metric, type MetricsView, single } from './metric.js'

const perSecond = 1000

const lane = {
  label: 'lane',
  of: ({ status }: MetricsView): { readonly [name: string]: LaneStatus } => status.lanes,
}

const bytes = { unit: 'bytes' } as const
const seconds = { unit: 'seconds' } as const

const laneMetrics: readonly Metric[] = [
  each(
    lane,
    { name: 'sluice_lane_memory_bytes', type: 'gauge', ...bytes, help: 'Memory that a lane uses.' },
    ({ memoryBytes }) => memoryBytes,
  ),
  each(
    lane,
    { name: 'sluice_lane_memory_limit_bytes', type: 'gauge', ...bytes, help: 'Memory that a lane may use.' },
    ({ memoryLimitBytes }) => memoryLimitBytes,
  ),
  each(
    lane,
    { name: 'sluice_lane_memory_chunks', type: 'gauge', help: 'Chunks of a lane that are in memory.' },
    ({ chunks }) => chunks.memory,
  ),
  each(
    lane,
    { name: 'sluice_lane_disk_chunks', type: 'gauge', help: 'Chunks of a lane that are on disk.' },
    ({ chunks }) => chunks.disk,
  ),
  each(
    lane,
    { name: 'sluice_lane_disk_bytes', type: 'gauge', ...bytes, help: 'Bytes of the files of a lane.' },
    ({ disk }) => disk?.diskBytes,
  ),
  each(
    lane,
    { name: 'sluice_lane_disk_segments', type: 'gauge', help: 'Files of a lane.' },
    ({ disk }) => disk?.segments,
  ),
  each(
    lane,
    { name: 'sluice_lane_ingested_bytes', type: 'counter', ...bytes, help: 'Bytes of the events that a lane took.' },
    ({ disk }) => disk?.ingestedBytes,
  ),
  each(
    lane,
    { name: 'sluice_lane_written_bytes', type: 'counter', ...bytes, help: 'Bytes that were written for them.' },
    ({ disk }) => disk?.writtenBytes,
  ),
  each(
    lane,
    { name: 'sluice_lane_syncs', type: 'counter', help: 'Syncs of the files of a lane.' },
    ({ disk }) => disk?.syncs,
  ),
  each(
    lane,
    { name: 'sluice_lane_sync_seconds', type: 'counter', ...seconds, help: 'How long these took together.' },
    ({ disk }) => disk && disk.syncMs / perSecond,
  ),
  eachOf(
    lane,
    {
      name: 'sluice_lane_disk_trouble',
      type: 'gauge',
      help: '1 while the disk_limit of a lane is used up (limit), or its disk fails (error).',
      by: 'trouble',
    },
    ({ trouble, disk }): { readonly [trouble: string]: number } =>
      disk ? { limit: trouble === 'limit' ? 1 : 0, error: trouble === 'error' ? 1 : 0 } : {},
  ),
]

const processMetrics: readonly Metric[] = [
  {
    name: 'sluice_build',
    type: 'gauge',
    help: 'Always 1; the labels tell which version of Sluice and Node this is.',
    labels: ['version', 'node'],
    samples: ({ status }) => [{ labels: { version: status.version, node: process.versions.node }, value: 1 }],
  },
  single(
    { name: 'sluice_uptime_seconds', type: 'gauge', ...seconds, help: 'How long the agent has run.' },
    ({ status }) => status.uptimeMs / perSecond,
  ),
  single(
    { name: 'sluice_start_time_seconds', type: 'gauge', ...seconds, help: 'When it started, since 1970.' },
    ({ status }) => status.startedAt / perSecond,
  ),
  single(
    {
      name: 'sluice_reloads',
      type: 'gauge',
      help: 'Configurations that took over since the process began; other counters begin anew with each.',
    },
    ({ status }) => status.reloads,
  ),
  single({ name: 'sluice_ready', type: 'gauge', help: '1 while /health/ready answers 200.' }, ({ health }) =>
    health.good ? 1 : 0,
  ),
  single(
    {
      name: 'sluice_loop_lag_max_seconds',
      type: 'gauge',
      ...seconds,
      help: 'How late the event loop was at worst within the last 10 to 20 seconds.',
    },
    ({ loopLag }) => loopLag.maxMs / perSecond,
  ),
  single(
    { name: 'sluice_loop_lag_mean_seconds', type: 'gauge', ...seconds, help: 'How late it was on average.' },
    ({ loopLag }) => loopLag.meanMs / perSecond,
  ),
  single(
    {
      name: 'sluice_process_resident_memory_bytes',
      type: 'gauge',
      ...bytes,
      help: 'Memory of the process, its code and libraries too.',
    },
    ({ process: { residentBytes } }) => residentBytes,
  ),
  single(
    {
      name: 'sluice_process_cpu_seconds',
      type: 'counter',
      ...seconds,
      help: 'Processor time of the process, user and system.',
    },
    ({ process: { cpuSeconds } }) => cpuSeconds,
  ),
  single(
    {
      name: 'sluice_checkpoint_written_bytes',
      type: 'counter',
      ...bytes,
      help: 'Bytes of checkpoints that were written.',
    },
    ({ status }) => status.checkpointBytes,
  ),
]

const serverMetrics: readonly Metric[] = [
  {
    name: 'sluice_admin_counts',
    type: 'counter',
    help: 'Counters of this server, such as requests that it refused.',
    labels: ['counter'],
    samples: ({ counters }) => Object.entries(counters).map(([counter, value]) => ({ labels: { counter }, value })),
  },
  single({ name: 'sluice_tap_clients', type: 'gauge', help: 'Clients of /tap.' }, ({ taps }) => taps.clients),
  single(
    {
      name: 'sluice_tap_dropped_events',
      type: 'counter',
      unit: 'events',
      help: 'Events that clients of /tap asked for and did not get, since they were too many or the client too slow.',
    },
    ({ taps }) => taps.dropped,
  ),
]

/** Of the agent as a whole, its lanes, its process and this server. */
export const agentMetrics: readonly Metric[] = [...processMetrics, ...laneMetrics, ...serverMetrics]
