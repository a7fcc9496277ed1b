import { AgentError } from '../base/agent-error.js'
import type { EventRecord, Value } from './event.js'
import type { EventTime } from './event-time.js'
import { isRecord } from './record.js'

interface TimedRecord {
  readonly record: EventRecord
  readonly time?: EventTime
}

type Pair = readonly [time: number, record: EventRecord]

/**
 * The records in a JSON value, in the shapes that Fluent Bit takes: an object, a pair `[seconds, object]` whose seconds may
 * have metadata beside them (which is left out), or a list of objects and pairs. Throws `EVENT_NO_RECORD` for others.
 */
export function jsonRecords(value: Value): readonly TimedRecord[] {
  const one = recordIn(value)
  if (one) return [one]
  if (!Array.isArray(value)) throw noRecord(kindOf(value))
  return value.map((element: Value) => {
    const record = recordIn(element)
    if (!record) throw noRecord(kindOf(element))
    return record
  })
}

function recordIn(value: Value): TimedRecord | undefined {
  if (isRecord(value)) return { record: value }
  const pair = pairIn(value)
  return pair && { time: timeOf(pair[0]), record: pair[1] }
}

function pairIn(value: Value): Pair | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [first, record] = value as readonly Value[]
  const seconds: Value | undefined = isTimeAndMetadata(first) ? first[0] : first
  const isPair = typeof seconds === 'number' && isSeconds(seconds) && isRecord(record)
  return isPair ? [seconds, record] : undefined
}

function isTimeAndMetadata(value: Value | undefined): value is readonly [number, EventRecord] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && isRecord(value[1])
}

/** Whether a number may be the time of an event. */
export function isSeconds(value: number): boolean {
  return value >= 0 && value < 2 ** 32
}

/** The decimals of a number are those that its sender wrote, as far as a double can tell. */
export function timeOf(seconds: number): EventTime {
  const [whole, fraction = ''] = String(seconds).split('.')
  const exponent = fraction.includes('e') || whole?.includes('e')
  if (exponent) return { seconds: Math.floor(seconds), nanoseconds: Math.round((seconds % 1) * 1e9) }
  return { seconds: Number(whole), nanoseconds: Number(fraction.slice(0, 9).padEnd(9, '0')) }
}

function kindOf(value: Value): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

export function noRecord(got: string): AgentError {
  return new AgentError('EVENT_NO_RECORD', `json: expected an object, or a pair of a time and an object, got ${got}`)
}
