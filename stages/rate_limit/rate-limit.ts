import { clientOf, HttpError, type HttpExchange, type Stage, type StageContext } from 'sluice/http'
import { partOf } from 'sluice/net'
import { RecentMap, TokenBucket } from 'sluice/plugin'

export interface Settings {
  /** Requests a second. */
  readonly rate: number
  readonly burst: number
  readonly per: keyof typeof sharers
  readonly maxClients: number
}

/** Under what name a request is counted. No address is a name of a user. */
const sharers = {
  address: clientOf,
  user: (exchange: HttpExchange) => (exchange.user === undefined ? clientOf(exchange) : `user ${exchange.user}`),
  all: () => '',
} as const

/** What one of several workers takes, which sees the requests of its own connections alone: all of them together no more than that. */
export function partOfRate({ rate, burst, per, maxClients }: Settings, workers: number): Settings {
  return { rate: rate / workers, burst: partOf(burst, workers), per, maxClients: partOf(maxClients, workers) }
}

/** A token bucket for each who shares the rate; one that was forgotten was as good as full, unless there are too many. */
export function rateLimit({ rate, burst, per, maxClients }: Settings, { clock }: Pick<StageContext, 'clock'>): Stage {
  const buckets = new RecentMap<string, TokenBucket>(maxClients)
  const nameOf = sharers[per]
  const bucketOf = (name: string, now: number): TokenBucket => {
    const known = buckets.get(name)
    if (known) return known
    const bucket = new TokenBucket(rate, now, burst)
    buckets.set(name, bucket)
    return bucket
  }
  return {
    onRequest(exchange) {
      const now = clock.monotonic()
      const waitMs = bucketOf(nameOf(exchange), now).take(1, now)
      if (waitMs > 0) throw tooMany(waitMs)
      return false
    },
  }
}

function tooMany(waitMs: number): HttpError {
  const seconds = String(Math.ceil(waitMs / 1000))
  return new HttpError(429, 'too many requests; send fewer', { headers: { 'retry-after': seconds }, reason: 'rate' })
}
