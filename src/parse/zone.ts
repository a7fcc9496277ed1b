import { AgentError } from '../plugin/errors.js'
import { daySeconds } from './civil.js'

/** Where a time that states no zone was taken. */
export interface Zone {
  /** Seconds since 1970 UTC of a civil time given as seconds since 1970 of this zone's wall clock. */
  toUtc(civilSeconds: number): number
}

/** No zone's rules change more often than at quarters of an hour. */
const bucketSeconds = 900
const rememberedBuckets = 512

export function fixedZone(offsetSeconds: number): Zone {
  return { toUtc: (civilSeconds) => civilSeconds - offsetSeconds }
}

/** Seconds east of UTC of `+0200`, `+02:00`, `+02`, `-0330`, `Z` or `UTC`. */
export function parseOffset(text: string): number | undefined {
  if (/^(Z|UTC|GMT)$/i.test(text)) return 0
  const found = /^([+-])(\d{2}):?(\d{2})?$/.exec(text)
  if (!found) return undefined
  const seconds = Number(found[2]) * 3600 + Number(found[3] ?? 0) * 60
  return found[1] === '-' ? -seconds : seconds
}

/**
 * A zone of the IANA database, such as `Europe/Madrid`. Where clocks go back, a time that occurs twice is the first of the
 * two; where they go forward, one that does not occur is as far behind the change as it says.
 */
export function namedZone(name: string): Zone {
  const offsetAt = offsetsOf(name)
  return {
    toUtc(civilSeconds) {
      const before = offsetAt(civilSeconds - daySeconds)
      const after = offsetAt(civilSeconds + daySeconds)
      if (before === after || offsetAt(civilSeconds - before) === before) return civilSeconds - before
      return civilSeconds - (offsetAt(civilSeconds - after) === after ? after : before)
    },
  }
}

/** The zone that this machine is set to. */
export function systemZone(): Zone {
  return namedZone(new Intl.DateTimeFormat().resolvedOptions().timeZone)
}

function offsetsOf(name: string): (utcSeconds: number) => number {
  const format = formatOf(name)
  const known = new Map<number, number>()
  return (utcSeconds) => {
    const bucket = Math.floor(utcSeconds / bucketSeconds)
    const remembered = known.get(bucket)
    if (remembered !== undefined) return remembered
    const start = bucket * bucketSeconds
    const offset = wallSeconds(format, start) - start
    if (known.size >= rememberedBuckets) known.clear()
    known.set(bucket, offset)
    return offset
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: 'numeric', ...fields })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = `time_zone: expected a name of the IANA time zones such as "Europe/Madrid", got "${timeZone}"`
    throw new AgentError('PARSE_UNKNOWN_ZONE', message, { cause: error })
  }
}

function wallSeconds(format: Intl.DateTimeFormat, utcSeconds: number): number {
  const parts = new Map(format.formatToParts(utcSeconds * 1000).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const day = Date.UTC(part('year'), part('month') - 1, part('day'))
  return day / 1000 + part('hour') * 3600 + part('minute') * 60 + part('second')
}
