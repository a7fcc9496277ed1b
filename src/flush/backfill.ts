import type { Clock } from '../base/clock.js'
import { DailyBudget } from '../base/daily-budget.js'
import { TokenBucket } from '../base/token-bucket.js'
import type { BackfillLimit } from '../log/cursor.js'

/** What an output may send of a backlog, in bytes; Infinity for no limit. */
export interface BackfillRate {
  readonly perSecond: number
  readonly perDay: number
}

/** The limit of one output, whichever lanes its backlog is in. */
export function backfillLimit({ perSecond, perDay }: BackfillRate, clock: Clock): BackfillLimit {
  const now = clock.monotonic()
  const bucket = perSecond < Infinity ? new TokenBucket(perSecond, now) : undefined
  const budget = perDay < Infinity ? new DailyBudget(perDay, now) : undefined
  return {
    waitMs: () => Math.max(bucket?.waitMs(clock.monotonic()) ?? 0, budget?.waitMs(clock.monotonic()) ?? 0),
    spend(bytes) {
      bucket?.spend(bytes, clock.monotonic())
      budget?.spend(bytes, clock.monotonic())
    },
  }
}
