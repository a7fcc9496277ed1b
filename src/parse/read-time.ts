import type { Clock } from '../base/clock.js'
import type { EventTime } from '../event/event-time.js'
import type { Value } from '../event/event.js'
import type { parserOptions } from '../plugin/common-options.js'
import { AgentError } from '../plugin/errors.js'
import type { ValuesOf } from '../plugin/options.js'
import { readPlainTime } from './plain-time.js'
import type { TimeFields } from './time-directives.js'
import { compileTimeFormat, type TimeFormat } from './time-format.js'
import { timeOfFields } from './time-of-fields.js'
import { fixedZone, namedZone, parseOffset, systemZone, type Zone } from './zone.js'

/** The time that a value of the time field stands for; undefined when it is none. */
export type TimeReader = (value: Value) => EventTime | undefined

type TimeOptions = Pick<
  ValuesOf<typeof parserOptions>,
  'time_format' | 'time_offset' | 'time_strict' | 'time_system_timezone' | 'time_zone'
>

/** The last second that an EventTime can hold (Forward Protocol Specification v1, "EventTime Ext Format"). */
const lastSecond = 2 ** 32 - 1

/** A reader of times in one format, or in any plain one where the options state none. */
export function timeReader(options: TimeOptions, clock: Pick<Clock, 'wall'>): TimeReader {
  const zone = zoneOf(options)
  const readFields = fieldsReader(options)
  return (value) => {
    const fields = readFields(value)
    const time = fields && timeOfFields(fields, zone, clock.wall() / 1000)
    return time && time.seconds >= 0 && time.seconds <= lastSecond ? time : undefined
  }
}

function fieldsReader({
  time_format: formats,
  time_strict: strict,
}: TimeOptions): (value: Value) => TimeFields | undefined {
  if (formats === undefined) return readPlainTime
  const readText = firstOf(formats.map((format) => compileTimeFormat(format, strict)))
  return (value) => {
    if (typeof value === 'string') return readText(value)
    return typeof value === 'number' || typeof value === 'bigint' ? readText(String(value)) : undefined
  }
}

/** Of one format there is no need to go through a list. */
function firstOf(formats: readonly TimeFormat[]): TimeFormat {
  const [first, second] = formats
  if (first && !second) return first
  return (text) => {
    for (const format of formats) {
      const fields = format(text)
      if (fields) return fields
    }
    return undefined
  }
}

function zoneOf(options: TimeOptions): Zone {
  const { time_offset: offset, time_zone: name, time_system_timezone: system } = options
  const stated = Number(offset !== undefined) + Number(name !== undefined) + Number(system)
  if (stated > 1) {
    const message = 'time_zone: expected one of time_offset, time_zone and time_system_timezone, got several; keep one'
    throw new AgentError('PARSE_SEVERAL_ZONES', message)
  }
  if (system) return systemZone()
  return name === undefined ? fixedZone(parseOffset(offset ?? 'Z') ?? 0) : namedZone(name)
}
