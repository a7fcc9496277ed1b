import type { Clock } from '../base/clock.js'
import type { Http2Client } from './http2-client.js'

/** How often slow streams and idle connections are looked for. */
const checkMs = 1000

/**
 * How often connections that open streams are looked at for what is refused unheard. On Node 24 such requests cost 5 KB each until the
 * event loop comes round: forty connections that send them for a second took 450 MB.
 */
const livelyMs = 50

/** Looks at connections now and then: at those that opened streams lately much more often than at the others. */
export class Http2Watch {
  readonly #clock: Clock
  readonly #all = new Set<Http2Client>()
  readonly #lively = new Set<Http2Client>()
  #isWatched = false
  #isWatchedClosely = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(client: Http2Client): void {
    this.#all.add(client)
    this.#lively.add(client)
    this.#watch()
    this.#watchClosely()
  }

  delete(client: Http2Client): void {
    this.#all.delete(client)
    this.#lively.delete(client)
  }

  #watch(): void {
    if (this.#isWatched || this.#all.size === 0) return
    this.#isWatched = true
    this.#clock.after(checkMs, () => {
      this.#isWatched = false
      for (const client of this.#all) {
        if (client.checkUnheard()) this.#lively.add(client)
        client.check()
      }
      this.#watch()
      this.#watchClosely()
    })
  }

  #watchClosely(): void {
    if (this.#isWatchedClosely || this.#lively.size === 0) return
    this.#isWatchedClosely = true
    this.#clock.after(livelyMs, () => {
      this.#isWatchedClosely = false
      for (const client of this.#lively) if (!client.checkUnheard()) this.#lively.delete(client)
      this.#watchClosely()
    })
  }
}
