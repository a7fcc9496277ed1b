import type { Clock } from '../base/clock.js'
import type { EventRecord, Value } from '../event/event.js'
import { type EventTime, toEventTime } from '../event/event-time.js'
import type { Latest, LatestValue } from '../plugin/latest.js'

export interface LatestLimits {
  readonly values: number
  /** Of all values, roughly as they are in memory. */
  readonly bytes: number
  readonly valueBytes: number
  readonly ageMs: number
}

export const latestLimits: LatestLimits = {
  values: 10_000,
  bytes: 8 * 1024 * 1024,
  valueBytes: 64 * 1024,
  ageMs: 24 * 60 * 60 * 1000,
}

interface Kept extends LatestValue {
  readonly bytes: number
  /** On the monotonic clock: the time of an event may be of any clock. */
  readonly endMs: number
}

/** What an entry takes besides its texts and its record. */
const entryBytes = 200

/** The last values of one agent. The map keeps them in the order in which they were set, so what goes first is in front. */
export class LatestStore implements Latest {
  readonly #clock: Pick<Clock, 'monotonic' | 'wall'>
  readonly #limits: LatestLimits
  readonly #values = new Map<string, Kept>()
  #bytes = 0

  constructor(clock: Pick<Clock, 'monotonic' | 'wall'>, limits: LatestLimits = latestLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  get(tag: string, series = ''): LatestValue | undefined {
    const kept = this.#values.get(keyOf(tag, series))
    return kept && !this.#isOld(kept) ? kept : undefined
  }

  list(prefix: string): readonly LatestValue[] {
    return [...this.#values.values()].filter((kept) => kept.tag.startsWith(prefix) && !this.#isOld(kept))
  }

  // oxlint-disable-next-line max-params -- as the contract has it
  set(tag: string, series: string, record: EventRecord, given?: EventTime, ttlMs = Infinity): boolean {
    const time = given ?? toEventTime(this.#clock.wall())
    const key = keyOf(tag, series)
    this.#remove(key)
    const bytes = entryBytes + 2 * key.length + sizeOf(record)
    if (bytes > this.#limits.valueBytes) return false
    const endMs = this.#clock.monotonic() + Math.min(ttlMs, this.#limits.ageMs)
    this.#values.set(key, { tag, series, record, time, bytes, endMs })
    this.#bytes += bytes
    this.#makeRoom()
    return true
  }

  #makeRoom(): void {
    const { values, bytes } = this.#limits
    for (const [key, kept] of this.#values) {
      if (this.#values.size <= values && this.#bytes <= bytes && !this.#isOld(kept)) return
      this.#remove(key)
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#values.get(key)?.bytes ?? 0
    this.#values.delete(key)
  }

  #isOld({ endMs }: Kept): boolean {
    return this.#clock.monotonic() > endMs
  }
}

/** No tag has a NUL of its own that would matter: at worst two series share a place. */
function keyOf(tag: string, series: string): string {
  return `${tag}\0${series}`
}

/** Roughly: a text takes up to two bytes a character, anything else some bytes of its own. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return 16 + 2 * value.length
  if (typeof value !== 'object' || value === null) return 16
  if (value instanceof Uint8Array) return 64 + value.byteLength
  if (Array.isArray(value)) return value.reduce((sum: number, each: Value) => sum + sizeOf(each), 32)
  return Object.entries(value).reduce((sum, [key, each]) => sum + 2 * key.length + sizeOf(each), 32)
}
