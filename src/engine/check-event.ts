import type { EventRecord } from '../event/event.js'
import { type EventTime, toEventTime } from '../event/event-time.js'
import { AgentError } from '../plugin/errors.js'

const latestSeconds = 0xffff_ffff
const latestNanoseconds = 999_999_999

/** What a program says an event is, which no type checker need have seen. Throws an AgentError `ENGINE_WRONG_EVENT`. */
export function checkEvent(tag: unknown, record: unknown): asserts record is EventRecord {
  if (typeof tag !== 'string' || tag === '') throw wrongEvent('tag: expected text such as "vehicle.door"', tag)
  if (!isMap(record)) throw wrongEvent('record: expected a map such as { kmh: 87.5 }', record)
}

/** Undefined is now. Throws an AgentError `ENGINE_WRONG_EVENT`. */
export function checkTime(time: unknown): EventTime | undefined {
  if (time === undefined) return undefined
  const found = time instanceof Date ? toEventTime(time.getTime()) : time
  if (isTime(found)) return found
  const expected = `time: expected a Date, or whole numbers { seconds, nanoseconds } from 0 to ${latestSeconds} and to ${latestNanoseconds}`
  throw wrongEvent(expected, time)
}

/** Lists, bytes, sets and the like have values and no names. */
function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value) && !(value instanceof Date)
}

function isTime(value: unknown): value is EventTime {
  if (typeof value !== 'object' || value === null || !('seconds' in value) || !('nanoseconds' in value)) return false
  return isWhole(value.seconds, latestSeconds) && isWhole(value.nanoseconds, latestNanoseconds)
}

function isWhole(value: unknown, latest: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= latest
}

function wrongEvent(expected: string, got: unknown): AgentError {
  return new AgentError('ENGINE_WRONG_EVENT', `emit: ${expected}, got ${textOf(got)}`)
}

/** Short, and without what a record holds. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value)
  if (value === '') return 'an empty text'
  if (typeof value !== 'object') return typeof value
  if (value instanceof Date) return 'a Date that is no date'
  if ('seconds' in value && 'nanoseconds' in value) return `${String(value.seconds)} and ${String(value.nanoseconds)}`
  return Array.isArray(value) ? 'a list' : Object.prototype.toString.call(value)
}
