import type { IntervalHistogram } from 'node:perf_hooks'

import type { Clock } from '../base/clock.js'

/** How late the event loop was within the last seconds, in milliseconds. */
export interface LoopLag {
  readonly maxMs: number
  readonly meanMs: number
}

/** How often Node looks, in milliseconds: rare enough to let a processor sleep. */
const resolutionMs = 50

/** How long a span is that is looked back on; the one before it counts too. */
const spanMs = 10_000

const nanosecondsPerMs = 1e6

/** Measures while the server runs, by Node's own timer below JavaScript. */
export class LoopLagMeter {
  readonly #histogram: IntervalHistogram
  #before: LoopLag = { maxMs: 0, meanMs: 0 }

  constructor(histogram: IntervalHistogram) {
    this.#histogram = histogram
    histogram.enable()
  }

  static async start(): Promise<LoopLagMeter> {
    const { monitorEventLoopDelay } = await import('node:perf_hooks')
    return new LoopLagMeter(monitorEventLoopDelay({ resolution: resolutionMs }))
  }

  read(): LoopLag {
    const { maxMs, meanMs } = lagOf(this.#histogram)
    return { maxMs: Math.max(maxMs, this.#before.maxMs), meanMs }
  }

  /** Forgets what is long ago, until the signal is aborted. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await clock.sleep(spanMs, signal)) {
      this.#before = lagOf(this.#histogram)
      this.#histogram.reset()
    }
    this.#histogram.disable()
  }
}

/** What Node counts are the times between two looks, of which the resolution is no lag. */
function lagOf({ count, max, mean }: IntervalHistogram): LoopLag {
  if (count === 0) return { maxMs: 0, meanMs: 0 }
  return { maxMs: lateMs(max), meanMs: lateMs(mean) }
}

function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / nanosecondsPerMs - resolutionMs)
}
