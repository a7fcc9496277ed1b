import { toEventTime, toIsoText } from '../../event/event-time.js'
import type { LaneReport, OutputReport } from './lane-report.js'

type Rows = readonly (readonly string[])[]

export function laneRows(reports: readonly LaneReport[]): Rows {
  const head = ['lane', 'mode', 'segments', 'bytes', 'events', 'oldest', 'newest', 'quarantined', 'quarantined bytes']
  const rows = reports.map(({ lane, mode, segments, bytes, events, oldest, newest, quarantine }) => [
    lane,
    mode ?? '-',
    ...[segments, bytes, events].map(String),
    timeText(oldest) ?? '-',
    timeText(newest) ?? '-',
    ...[quarantine.files, quarantine.bytes].map(String),
  ])
  return [head, ...rows]
}

export function outputRows(reports: readonly LaneReport[]): Rows {
  const head = ['output', 'lane', 'position', 'pending events', 'pending bytes', 'oldest pending']
  const rows = reports.flatMap(({ lane, outputs }) => outputs.map((output) => outputRow(lane, output)))
  return [head, ...rows]
}

function outputRow(lane: string, { output, position, events, bytes, oldestAgeMs }: OutputReport): readonly string[] {
  const age = oldestAgeMs === undefined ? '-' : ageText(oldestAgeMs)
  return [output, lane, position === undefined ? '-' : String(position), String(events), String(bytes), age]
}

/** The same for programs: null where something is not known. */
export function reportJson(reports: readonly LaneReport[]): object {
  const lanes = reports.map(({ lane, mode, segments, bytes, events, oldest, newest, quarantine, outputs }) => ({
    lane,
    mode: mode ?? null,
    segments,
    bytes,
    events,
    oldest: timeText(oldest) ?? null,
    newest: timeText(newest) ?? null,
    quarantine,
    outputs: outputs.map(outputJson),
  }))
  return { lanes }
}

function outputJson({ output, position, exact, events, bytes, oldestAgeMs }: OutputReport): object {
  const oldest_seconds = oldestAgeMs === undefined ? null : Math.round(oldestAgeMs) / 1000
  return { output, position: position ?? null, pending: { events, bytes, oldest_seconds, exact } }
}

/** To the millisecond, which is what the log keeps of when a chunk was sealed. */
function timeText(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : `${toIsoText(toEventTime(milliseconds)).slice(0, 23)}Z`
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/** `12m 5s`: the largest unit that fits, and the next. */
export function ageText(milliseconds: number): string {
  let rest = Math.floor(milliseconds / 1000)
  const parts: string[] = []
  for (const [unit, seconds] of units) {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    if (count > 0 || parts.length > 0) parts.push(`${count}${unit}`)
  }
  return parts.length === 0 ? '0s' : parts.slice(0, 2).join(' ')
}
