import { clientOf, HttpError, type HttpExchange } from 'sluice/http'
import { type PluginContext, RecentMap, TokenBucket } from 'sluice/plugin'

const mostClients = 10_000
const secondsOfAllowance = 60

/** How often each client was wrong of late. */
export class Failures {
  readonly #perMinute: number
  readonly #context: Pick<PluginContext, 'clock' | 'log' | 'count'>
  readonly #left = new RecentMap<string, TokenBucket>(mostClients)

  constructor(perMinute: number, context: Pick<PluginContext, 'clock' | 'log' | 'count'>) {
    this.#perMinute = perMinute
    this.#context = context
  }

  /**
   * Takes one failure off what the client is allowed, before it is known whether there is one: many guesses at once are many, too.
   * Throws an HttpError 429 where nothing is left.
   */
  charge(exchange: HttpExchange): void {
    const now = this.#context.clock.monotonic()
    const waitMs = this.#of(exchange, now).take(1, now)
    if (waitMs === 0) return
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) }
    throw new HttpError(429, 'too often wrong; try again later', { headers, reason: 'too_many_failures' })
  }

  /** It was none. */
  giveBack(exchange: HttpExchange): void {
    const now = this.#context.clock.monotonic()
    this.#of(exchange, now).spend(-1, now)
  }

  /** It was one. What was shown stays secret, and so does the name: people mistake one field for the other. */
  tell({ clientAddress: address }: HttpExchange): void {
    this.#context.count('wrong_credentials')
    this.#context.log.warn('wrong credentials', { address })
  }

  #of(exchange: HttpExchange, now: number): TokenBucket {
    const client = clientOf(exchange)
    const known = this.#left.get(client)
    if (known) return known
    const bucket = new TokenBucket(this.#perMinute / secondsOfAllowance, now, this.#perMinute)
    this.#left.set(client, bucket)
    return bucket
  }
}
