import { type EventTime, fromNanoseconds } from 'sluice/plugin'

export type Precision = 'ns' | 'us' | 'ms' | 's' | 'n' | 'u' | 'µ'

const units: { readonly [precision in Precision]: bigint } = {
  ns: 1n,
  n: 1n,
  us: 1000n,
  u: 1000n,
  µ: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
}

/** The nanoseconds of one count of a timestamp (InfluxDB v2, "Write data with the API", parameter `precision`). */
export function unitOf(precision: Precision): bigint {
  return units[precision]
}

/** Undefined where the digits are no whole number, or where an event cannot have such a time. */
export function readTimestamp(digits: string, unit: bigint): EventTime | undefined {
  return /^-?\d{1,19}$/.test(digits) ? fromNanoseconds(BigInt(digits) * unit) : undefined
}

/** What is finer than the unit is cut off. */
export function timestampText({ seconds, nanoseconds }: EventTime, unit: bigint): string {
  return String((BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)) / unit)
}
