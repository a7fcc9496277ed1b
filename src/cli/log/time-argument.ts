import { decodeDuration } from '../../config/units.js'
import type { EventTime } from '../../event/event-time.js'
import { toEventTime } from '../../event/event-time.js'
import { UsageError } from '../direct-form.js'

const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i

/** A moment: ISO 8601, UTC where it names no zone, or a duration such as `10m`, which means ago. Throws a UsageError. */
export function parseTime(option: string, text: string, nowMs: number): EventTime {
  const agoMs = /[a-z]$/.test(text) ? decodeDuration(text) : undefined
  if (agoMs !== undefined) return toEventTime(Math.max(0, nowMs - agoMs))
  const time = readIso(text)
  if (time) return time
  throw new UsageError(
    `${option}: expected a time such as 2026-11-23T21:03:00Z, or how long ago such as 10m, got "${text}"`,
  )
}

function readIso(text: string): EventTime | undefined {
  const found = iso.exec(text)
  if (!found) return undefined
  const [, date = '', minutes = '00:00', second = '00', fraction = '', zone = 'Z'] = found
  const milliseconds = isDate(date) ? Date.parse(`${date}T${minutes}:${second}${zoneText(zone)}`) : Number.NaN
  if (Number.isNaN(milliseconds)) return undefined
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.padEnd(9, '0')) }
}

/** With the colon that Date.parse asks for. */
function zoneText(zone: string): string {
  return zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isDate(text: string): boolean {
  const milliseconds = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text)
}
