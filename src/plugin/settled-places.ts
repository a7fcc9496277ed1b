import { Deque } from '../base/deque.js'
import type { Ack } from './context.js'

interface Span {
  readonly end: number
  settled: boolean
}

/**
 * For inputs that keep how far they read: follows up to where events are settled without a gap, which is delivered, or given up
 * by policy. What was cut off by the end of the agent is not, and all that lies behind it is read again at the next start.
 * Places are offsets, sequence numbers or whatever else grows.
 *
 *     settled  settled  in flight  settled  in flight
 *     ─────────────────┤                              advance(…) was told this place
 */
export class SettledPlaces {
  readonly #spans = new Deque<Span>()
  readonly #advance: (place: number) => void

  constructor(advance: (place: number) => void) {
    this.#advance = advance
  }

  /** Whether nothing is in flight. */
  get idle(): boolean {
    return this.#spans.size === 0
  }

  /** The ack of events that take the input up to `end`. */
  upTo(end: number): Ack {
    const span: Span = { end, settled: false }
    this.#spans.push(span)
    return (error) => {
      if (error && 'code' in error && error.code === 'LOG_STOPPED') return
      span.settled = true
      this.#report()
    }
  }

  #report(): void {
    let reached: number | undefined
    while (this.#spans.at(0)?.settled) reached = this.#spans.shift()?.end
    if (reached !== undefined) this.#advance(reached)
  }
}
