/** A moment of wall time, exact to the nanosecond. `seconds` counts from 1970 UTC. */
export interface EventTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/** Milliseconds since 1970 UTC, fractions kept. */
export function toEventTime(milliseconds: number): EventTime {
  const seconds = Math.floor(milliseconds / 1000)
  const nanoseconds = Math.min(Math.round((milliseconds - seconds * 1000) * 1e6), 999_999_999)
  return { seconds, nanoseconds }
}

/** The last second that an EventTime can hold in 32 bits (Forward Protocol Specification v1, "EventTime Ext Format"): in 2106. */
const lastSecond = 2n ** 32n - 1n
const billion = 1_000_000_000n

/** The moment this many nanoseconds after 1970 UTC; undefined where events have no such time: before 1970 and after 2106. */
export function fromNanoseconds(nanoseconds: bigint): EventTime | undefined {
  const seconds = nanoseconds / billion
  if (nanoseconds < 0n || seconds > lastSecond) return undefined
  return { seconds: Number(seconds), nanoseconds: Number(nanoseconds % billion) }
}

/** Milliseconds since 1970 UTC; what is finer than a double can hold is lost. */
export function toMilliseconds(time: EventTime): number {
  return time.seconds * 1000 + time.nanoseconds / 1e6
}

/** RFC 3339 in UTC with nine decimals: `2026-11-23T21:03:00.123456789Z`. */
export function toIsoText(time: EventTime): string {
  const whole = new Date(time.seconds * 1000).toISOString().slice(0, 19)
  return `${whole}.${String(time.nanoseconds).padStart(9, '0')}Z`
}
