import type { Ack } from '../plugin/context.js'

interface Span {
  readonly end: number
  settled: boolean
}

/**
 * Follows up to where the events of a file are settled without a gap: delivered, or given up by policy. What was cut off by
 * the end of the agent is not, and all that lies behind it is read again at the next start.
 *
 *     settled  settled  in flight  settled  in flight
 *     ─────────────────┤                              advance(…) was told this place
 */
export class SettledOffsets {
  readonly #spans: Span[] = []
  readonly #advance: (offset: number) => void

  constructor(advance: (offset: number) => void) {
    this.#advance = advance
  }

  /** Whether nothing is in flight. */
  get idle(): boolean {
    return this.#spans.length === 0
  }

  /** The ack of events that take the file up to `end`. */
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
    while (this.#spans[0]?.settled) reached = this.#spans.shift()?.end
    if (reached !== undefined) this.#advance(reached)
  }
}
