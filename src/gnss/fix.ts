import type { EventRecord, Value } from '../event/event.js'
import { toEventTime, toIsoText } from '../event/event-time.js'

/** How a position came about. `none` is none. */
export type Quality =
  | 'none'
  | 'autonomous'
  | 'differential'
  | 'precise'
  | 'rtk_fixed'
  | 'rtk_float'
  | 'estimated'
  | 'manual'
  | 'simulated'
  | 'surveyed'

export type Mode = 'none' | '2d' | '3d'

/** What a receiver says of one moment; what it does not say is left out. */
export interface Fix {
  /** Milliseconds since 1970 UTC, by the receiver's clock. */
  timeMs?: number | undefined
  /** When it was heard of, by the system's clock. */
  heardMs: number
  mode: Mode
  quality: Quality
  lat?: number | undefined
  lon?: number | undefined
  /** Above mean sea level. */
  alt_m?: number | undefined
  /** Of the mean sea level above the ellipsoid of WGS 84. */
  geoid_separation_m?: number | undefined
  speed_ms?: number | undefined
  /** Over ground, from true north. */
  course_deg?: number | undefined
  climb_ms?: number | undefined
  /** East is positive. */
  magnetic_variation_deg?: number | undefined
  hdop?: number | undefined
  vdop?: number | undefined
  pdop?: number | undefined
  satellites_used?: number | undefined
  satellites_in_view?: number | undefined
  /** Estimated, with 95 % confidence. */
  error_horizontal_m?: number | undefined
  error_vertical_m?: number | undefined
  /** Of `timeMs`, as the receiver or gpsd estimates it. */
  error_time_s?: number | undefined
  differential_age_s?: number | undefined
  device?: string | undefined
}

/** The record of a fix; how far the two clocks are apart is said of a live one. */
export function recordOf({ timeMs, heardMs, ...fix }: Fix, isLive: boolean): EventRecord {
  const record: Record<string, Value> = {}
  for (const [name, value] of Object.entries(fix)) if (value !== undefined) record[name] = value
  if (timeMs === undefined) return record
  record['receiver_time'] = toIsoText(toEventTime(timeMs))
  if (isLive) record['time_offset_s'] = Math.round(timeMs - heardMs) / 1000
  return record
}

/** Drops the digits that a conversion of units makes up. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
